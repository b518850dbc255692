package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.ValueInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models of other people's, where the folder that holds them is there; see its models.tsv. */
class RealModelsTest {

  private static final Path MODELS = Path.of("..", "..", "shared", "models");

  @ParameterizedTest
  @CsvSource({
    "tribuo-cnn-mnist, 2, 1, 28, 28",
    "burn-mnist-pytorch, 1, 1, 28, 28",
    "mnist-8-cntk, 1, 1, 28, 28",
    "ultraface-slim-320-nopost, 1, 3, 240, 320",
    "yunet-n-dynamic, 2, 3, 96, 64",
    "faceplugin-gender, 1, 3, 64, 64",
    "ppocr-v2-cls, 2, 3, 48, 192",
    "fastestdet-coco, 1, 3, 352, 352"
  })
  void agreesWithCentralDifferences(String name, int batch, int channels, int height, int width)
      throws IOException {
    Path file = MODELS.resolve(name + ".onnx");
    Assumptions.assumeTrue(Files.isRegularFile(file), "no " + file + " here");
    OnnxModel model = OnnxCodec.read(file);
    OnnxModel derived = ReverseDifferentiator.of(model).differentiate();
    assertEquals(model.opsets(), derived.opsets());
    assertFalse(derived.graph().nodes().isEmpty());
    ValueInfo input = model.graph().requiredInputs().get(0);
    Random random = new Random(5);
    double[] values = random.doubles((long) batch * channels * height * width, 0, 1).toArray();
    float[] pixels = new float[values.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) values[i];
    }
    Tensor image = Tensor.of(pixels, batch, channels, height, width);
    try (VectorJacobianCheck check = new VectorJacobianCheck(model, derived, 2e-4, 1e-2)) {
      check.checkAlongGradient(Map.of(input.name(), image), random, 2);
    }
  }
}
