package io.github.cpsample.trainer.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The attention block against plain Java; the files against each other. */
class TinyPipelineTest {
  private static final int POSITIONS = 5;
  private static final int WIDTH = 6;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void attentionIsWhatPlainJavaComputes(boolean causal) {
    GraphBuilder graph = new GraphBuilder("attention", Blocks.OPSET);
    Blocks blocks = new Blocks(graph, new Random(1));
    Shape shape = Shape.of(Dim.symbolic("N"), Dim.of(POSITIONS), Dim.of(WIDTH));
    Value x = graph.input("x", ElementType.FLOAT, shape);
    Value out =
        causal
            ? blocks.causalAttention("a", x, WIDTH, POSITIONS)
            : blocks.attention("a", x, WIDTH, x, WIDTH);
    graph.output("out", out, ElementType.FLOAT, shape);
    OnnxModel model = graph.build();
    double[][] input = new double[POSITIONS][WIDTH];
    TensorBuffer in = TensorBuffer.floats(1, POSITIONS, WIDTH);
    Random random = new Random(2);
    for (int i = 0; i < POSITIONS * WIDTH; i++) {
      float value = (float) random.nextGaussian();
      input[i / WIDTH][i % WIDTH] = value;
      in.asFloats().put(i, value);
    }
    double[][] expected = attention(model, input, causal);
    TensorBuffer result = TensorBuffer.floats(1, POSITIONS, WIDTH);
    run(model, Map.of("x", in), "out", result);
    for (int i = 0; i < POSITIONS * WIDTH; i++) {
      assertEquals(expected[i / WIDTH][i % WIDTH], result.asFloats().get(i), 1e-5);
    }
  }

  private static double[][] attention(OnnxModel model, double[][] x, boolean causal) {
    double[][] query = product(x, matrix(model, "a.query.weight"));
    double[][] key = product(x, matrix(model, "a.key.weight"));
    double[][] value = product(x, matrix(model, "a.value.weight"));
    double[][] mixed = new double[POSITIONS][WIDTH];
    for (int p = 0; p < POSITIONS; p++) {
      int seen = causal ? p + 1 : POSITIONS;
      double[] weights = new double[seen];
      double total = 0;
      for (int s = 0; s < seen; s++) {
        double score = 0;
        for (int d = 0; d < WIDTH; d++) {
          score += query[p][d] * key[s][d];
        }
        weights[s] = Math.exp(score / Math.sqrt(WIDTH));
        total += weights[s];
      }
      for (int s = 0; s < seen; s++) {
        for (int d = 0; d < WIDTH; d++) {
          mixed[p][d] += weights[s] / total * value[s][d];
        }
      }
    }
    return product(mixed, matrix(model, "a.out.weight"));
  }

  private static double[][] matrix(OnnxModel model, String name) {
    float[] values = model.graph().initializers().get(name).floats();
    double[][] matrix = new double[WIDTH][WIDTH];
    for (int i = 0; i < values.length; i++) {
      matrix[i / WIDTH][i % WIDTH] = values[i];
    }
    return matrix;
  }

  private static double[][] product(double[][] a, double[][] b) {
    double[][] c = new double[a.length][b[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b[0].length; j++) {
        for (int k = 0; k < b.length; k++) {
          c[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return c;
  }

  @Test
  void theSameSeedGivesTheSameFiles() throws Exception {
    TinyPipeline.write(folder.resolve("a"), 3);
    TinyPipeline.write(folder.resolve("b"), 3);
    TinyPipeline.write(folder.resolve("c"), 4);
    try (Stream<Path> files = Files.walk(folder.resolve("a"))) {
      List<Path> written = files.filter(Files::isRegularFile).toList();
      assertEquals(13, written.size(), written::toString);
      for (Path file : written) {
        Path other = folder.resolve("b").resolve(folder.resolve("a").relativize(file));
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(other), file.toString());
      }
    }
    assertNotEquals(
        -1,
        Files.mismatch(folder.resolve("a/unet/model.onnx"), folder.resolve("c/unet/model.onnx")));
  }

  @Test
  void aDecodedImageResemblesTheEncodedOne() {
    int size = TinySizes.IMAGE_SIZE;
    TensorBuffer image = TensorBuffer.floats(1, TinySizes.IMAGE_CHANNELS, size, size);
    for (int i = 0; i < image.asFloats().capacity(); i++) {
      image.asFloats().put(i, (float) Math.sin(i / (3.0 * size)));
    }
    int latents = TinySizes.LATENT_CHANNELS * TinySizes.LATENT_SIZE * TinySizes.LATENT_SIZE;
    TensorBuffer parameters =
        TensorBuffer.floats(
            1, 2 * TinySizes.LATENT_CHANNELS, TinySizes.LATENT_SIZE, TinySizes.LATENT_SIZE);
    run(
        Autoencoder.encoder(new Random(1)),
        Map.of("sample", image),
        "latent_parameters",
        parameters);
    TensorBuffer mean =
        TensorBuffer.floats(
            1, TinySizes.LATENT_CHANNELS, TinySizes.LATENT_SIZE, TinySizes.LATENT_SIZE);
    for (int i = 0; i < latents; i++) {
      mean.asFloats().put(i, parameters.asFloats().get(i));
    }
    TensorBuffer decoded = TensorBuffer.floats(1, TinySizes.IMAGE_CHANNELS, size, size);
    run(Autoencoder.decoder(new Random(2)), Map.of("latent_sample", mean), "sample", decoded);
    double worst = 0;
    for (int i = 0; i < image.asFloats().capacity(); i++) {
      double difference = image.asFloats().get(i) - decoded.asFloats().get(i);
      assertTrue(Double.isFinite(difference));
      worst = Math.max(worst, Math.abs(difference));
    }
    assertTrue(worst < 0.7, "worst difference " + worst);
  }

  private static void run(
      OnnxModel model, Map<String, TensorBuffer> inputs, String name, TensorBuffer output) {
    try (InferenceSession session =
        InferenceSession.open(
            model.graph().name(),
            OnnxCodec.toBytes(model),
            ResolvedDevice.of(Device.cpu()),
            SessionSettings.defaults())) {
      session.run(inputs, Map.of(name, output));
    }
  }
}
