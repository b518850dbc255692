package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One derived graph serves every batch and image size; its rows do not depend on each other. */
class SymbolicSizesTest {

  private static Tensor image(Random random, long... sizes) {
    return Tensors.of(
        ElementType.FLOAT, VectorJacobianCheck.normals(random, WindowTable.product(sizes)), sizes);
  }

  /** Row i of a tensor of several rows. */
  private static Tensor row(Tensor tensor, int i) {
    long[] sizes = tensor.sizes();
    int each = (int) (tensor.size() / sizes[0]);
    sizes[0] = 1;
    float[] values = Arrays.copyOfRange(tensor.floats(), i * each, (i + 1) * each);
    return Tensor.of(values, sizes);
  }

  private static double[] row(double[] values, int i, int rows) {
    int each = values.length / rows;
    return Arrays.copyOfRange(values, i * each, (i + 1) * each);
  }

  @ParameterizedTest
  @CsvSource({"yunet-n-dynamic, 3, 64 64 96 64 32 128", "ppocr-v2-cls, 3, 48 192 48 96 32 64"})
  void rowsAreAsIfAlone(String name, int batch, String sizes) throws IOException {
    OnnxModel model = SharedModels.read(name);
    OnnxModel derived = ReverseDifferentiator.of(model).differentiate();
    String input = model.graph().requiredInputs().get(0).name();
    long[] space = Arrays.stream(sizes.split(" ", -1)).mapToLong(Long::parseLong).toArray();
    Random random = new Random(6);
    try (OrtGraph forward = new OrtGraph(model);
        OrtGraph backward = new OrtGraph(derived)) {
      for (int s = 0; s < space.length; s += 2) {
        Tensor images = image(random, batch, 3, space[s], space[s + 1]);
        Map<String, Tensor> together = new HashMap<>(Map.of(input, images));
        forward
            .run(Map.of(input, images))
            .keySet()
            .forEach(o -> together.put("seed/" + o, image(random, forward.shape(o))));
        compare(backward, input, together, batch);
      }
    }
  }

  private static void compare(
      OrtGraph backward, String input, Map<String, Tensor> together, int batch) {
    double[] gradient = backward.run(together).get("grad/" + input);
    assertArrayEquals(together.get(input).sizes(), backward.shape("grad/" + input));
    for (int i = 0; i < batch; i++) {
      int index = i;
      Map<String, Tensor> alone = new HashMap<>();
      together.forEach((key, tensor) -> alone.put(key, row(tensor, index)));
      double[] expected = backward.run(alone).get("grad/" + input);
      double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
      assertTrue(largest > 0, "a gradient that is not zero");
      assertArrayEquals(expected, row(gradient, i, batch), 1e-4 * largest);
    }
  }

  /** The output depends on neither a nor the text; k and m choose, and have no gradients. */
  @Test
  void zerosForWhatDoesNotMatterAndNothingForIntegersBooleansAndStrings() {
    GraphBuilder g = new GraphBuilder("mixed", 17);
    Shape rows = Shape.of(Dim.symbolic("N"), Dim.symbolic("M"));
    Value x = g.input("x", ElementType.FLOAT, rows);
    g.input("a", ElementType.DOUBLE, Shape.of(Dim.symbolic("A"), Dim.of(2), Dim.unknown()));
    Value k = g.input("k", ElementType.INT64, Shape.of(Dim.symbolic("K")));
    Value m = g.input("m", ElementType.BOOL, Shape.fixed(1));
    Value text = g.input("text", ElementType.STRING, Shape.of(Dim.symbolic("T")));
    Value chosen = g.gather(x, k);
    Value masked = g.where(m, chosen, g.neg(chosen));
    g.output("y", masked, ElementType.FLOAT, Shape.of(Dim.symbolic("K"), Dim.symbolic("M")));
    g.output("same", text, ElementType.STRING, Shape.of(Dim.symbolic("T")));
    OnnxModel derived = ReverseDifferentiator.of(g.build()).differentiate();
    assertEquals(
        List.of("x", "a", "k", "m", "text", "seed/y"),
        derived.graph().inputs().stream().map(input -> input.name()).toList());
    assertEquals(
        List.of("y", "same", "grad/x", "grad/a"),
        derived.graph().outputs().stream().map(output -> output.name()).toList());
    Map<String, Tensor> point = new HashMap<>();
    point.put("x", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2));
    point.put("a", Tensor.of(new double[20], 5, 2, 2));
    point.put("k", Tensor.of(new long[] {2, 0, 2}, 3));
    point.put("m", Tensor.ofBytes(ElementType.BOOL, new byte[] {0}, 1));
    point.put("text", Tensor.ofStrings(List.of("one", "two"), 2));
    point.put("seed/y", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2));
    try (OrtGraph graph = new OrtGraph(derived)) {
      Map<String, double[]> found = graph.run(point);
      assertArrayEquals(new double[] {-3, -4, 0, 0, -6, -8}, found.get("grad/x"), 1e-6);
      assertArrayEquals(new double[20], found.get("grad/a"), 0);
      assertArrayEquals(new long[] {5, 2, 2}, graph.shape("grad/a"));
    }
  }
}
