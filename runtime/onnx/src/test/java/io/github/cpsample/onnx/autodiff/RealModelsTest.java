package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Models of other people's, where the folder that holds them is there; see its models.tsv. The
 * errors found are left in target/gradient-errors; docs/reference/differentiator.md shows them.
 */
class RealModelsTest {

  /** The step in float32 is smaller where many pixels make many kinks. */
  @ParameterizedTest
  @CsvSource({
    "tribuo-cnn-mnist, 2, 1, 28, 28, 2e-4",
    "burn-mnist-pytorch, 1, 1, 28, 28, 2e-4",
    "mnist-8-cntk, 1, 1, 28, 28, 2e-4",
    "ultraface-slim-320-nopost, 1, 3, 240, 320, 2e-4",
    "yunet-n-dynamic, 2, 3, 96, 64, 2e-4",
    "faceplugin-gender, 1, 3, 64, 64, 2e-4",
    "ppocr-v2-cls, 2, 3, 48, 192, 2e-4",
    "fastestdet-coco, 1, 3, 352, 352, 2e-5"
  })
  void agreesWithCentralDifferences(
      String name, int batch, int channels, int height, int width, double step) throws IOException {
    OnnxModel model = SharedModels.read(name);
    OnnxModel derived = ReverseDifferentiator.of(model).differentiate();
    assertEquals(model.opsets(), derived.opsets());
    String input = model.graph().requiredInputs().get(0).name();
    Tensor image = image(batch, channels, height, width);
    double twice = inDoublePrecision(model, derived, Map.of(input, image));
    double single = inSinglePrecision(model, derived, Map.of(input, image), step);
    Path errors = Files.createDirectories(Path.of("target", "gradient-errors"));
    Files.writeString(errors.resolve(name + ".txt"), single + " " + twice + System.lineSeparator());
  }

  private static Tensor image(long... sizes) {
    float[] pixels = new float[WindowTable.product(sizes)];
    Random random = new Random(5);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat();
    }
    return Tensor.of(pixels, sizes);
  }

  private static double inSinglePrecision(
      OnnxModel model, OnnxModel derived, Map<String, Tensor> point, double step) {
    try (VectorJacobianCheck check = new VectorJacobianCheck(model, derived, step, 1e-2)) {
      check.checkAlongGradient(point, new Random(5), 2);
      return check.largestError();
    }
  }

  /** The derived graph itself is converted; nothing is derived from the converted original. */
  private static double inDoublePrecision(
      OnnxModel model, OnnxModel derived, Map<String, Tensor> point) {
    Map<String, Tensor> seeded = new HashMap<>(point);
    try (OrtGraph forward = new OrtGraph(model)) {
      forward
          .run(point)
          .forEach(
              (output, values) ->
                  seeded.put(
                      ReverseDifferentiator.seedOf(output),
                      Tensors.of(ElementType.FLOAT, values, forward.shape(output))));
    }
    OnnxModel precise = DoublePrecision.of(model, point);
    OnnxModel preciseDerived = DoublePrecision.of(derived, seeded);
    assertAgree(derived, preciseDerived, seeded);
    try (VectorJacobianCheck check = new VectorJacobianCheck(precise, preciseDerived, 1e-6, 1e-6)) {
      check.checkRelative(inDouble(point), new Random(5), 2);
      return check.largestError();
    }
  }

  private static Map<String, Tensor> inDouble(Map<String, Tensor> point) {
    Map<String, Tensor> converted = new HashMap<>();
    point.forEach((name, t) -> converted.put(name, Tensor.of(t.doubles(), t.sizes())));
    return converted;
  }

  /** What is checked in float64 is what runs in float32: all results agree up to rounding. */
  private static void assertAgree(OnnxModel single, OnnxModel precise, Map<String, Tensor> point) {
    try (OrtGraph a = new OrtGraph(single);
        OrtGraph b = new OrtGraph(precise)) {
      Map<String, double[]> expected = b.run(inDouble(point));
      Map<String, double[]> found = a.run(point);
      assertEquals(expected.keySet(), found.keySet());
      expected.forEach(
          (name, values) -> {
            double distance = 0;
            double norm = 0;
            for (int i = 0; i < values.length; i++) {
              distance += Math.pow(values[i] - found.get(name)[i], 2);
              norm += values[i] * values[i];
            }
            double allowed = 1e-3 * Math.max(Math.sqrt(norm), 1e-3);
            assertTrue(Math.sqrt(distance) <= allowed, name + " differs by " + distance);
          });
    }
  }
}
