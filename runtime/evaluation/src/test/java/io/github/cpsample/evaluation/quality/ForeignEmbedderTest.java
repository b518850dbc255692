package io.github.cpsample.evaluation.quality;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that others exported, where they are at hand: shared/models beside the project. */
class ForeignEmbedderTest {

  private static final ImageShape DIGIT = new ImageShape(1, 28, 28);

  /** Free and fixed batches of one, old and new files, with weights among the inputs. */
  @ParameterizedTest
  @CsvSource({
    "tribuo-cnn-mnist.onnx, 10, 1, 28, 28",
    "burn-mnist-pytorch.onnx, 10, 1, 28, 28",
    "mnist-8-cntk.onnx, 10, 1, 28, 28",
  })
  void givesWhatOnnxRuntimeGives(String name, int dimension, int channels, int height, int width)
      throws IOException, OrtException {
    Path file = model(name);
    float[][] images = {levels(1), levels(2), levels(3)};
    try (Embedder embedder = open(file + ",range=-1..1", DIGIT)) {
      assertEquals(dimension, embedder.dimension());
      float[][] found = embedder.embed(images);
      for (int i = 0; i < images.length; i++) {
        assertArrayEquals(run(file, images[i], channels, height, width), found[i], 1e-4f);
      }
    }
  }

  @Test
  void freeSizesAndChannelsOfColourAreMet() throws IOException {
    Path file = model("ppocr-v2-cls.onnx");
    try (Embedder embedder = open(file + ",range=-1..1,size=48", DIGIT)) {
      assertEquals(2, embedder.dimension());
      float[] shares = embedder.embed(new float[][] {levels(4)})[0];
      assertEquals(1, shares[0] + shares[1], 1e-5);
      assertTrue(embedder.description().contains("3x48x48"), embedder.description());
    }
  }

  @Test
  void detectorsAreNoEmbedders() {
    Path file = model("fastestdet-coco.onnx");
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> open(file + ",range=0..1", DIGIT).close());
    assertTrue(refused.getMessage().contains("float[1,85,22,22]"), refused.getMessage());
  }

  private static float[] run(Path file, float[] image, long... axes) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = {1, axes[0], axes[1], axes[2]};
    try (OrtSession session = environment.createSession(file.toString());
        OnnxTensor x = OnnxTensor.createTensor(environment, FloatBuffer.wrap(image), shape);
        OrtSession.Result result =
            session.run(Map.of(session.getInputNames().iterator().next(), x))) {
      return ((float[][]) result.get(0).getValue())[0];
    }
  }

  private static float[] levels(long seed) {
    Random random = new Random(seed);
    float[] image = new float[DIGIT.size()];
    for (int i = 0; i < image.length; i++) {
      image[i] = random.nextInt(256) / 127.5f - 1;
    }
    return image;
  }

  private static Embedder open(String text, ImageShape images) throws IOException {
    return OnnxEmbedder.open(EmbedderSpec.parse(text), images, ResolvedDevice.of(Device.cpu()));
  }

  private static Path model(String name) {
    Path file = null;
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path candidate = folder.resolve("shared").resolve("models").resolve(name);
      if (Files.isReadable(candidate)) {
        file = candidate;
        break;
      }
    }
    assumeTrue(file != null, "no shared/models/" + name + " here");
    return file;
  }
}
