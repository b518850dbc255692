package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A converted operator gives what ONNX Runtime's own float32 kernel gives, up to rounding. */
class DoublePrecisionTest {

  private static Attribute ints(String name, long... values) {
    return Attribute.ints(name, values);
  }

  private static Arguments windows(
      String operator, int opset, long[] image, long[] kernel, Attribute... attributes) {
    return Arguments.of(operator, opset, image, kernel, List.of(attributes));
  }

  private static long[] sizes(long... sizes) {
    return sizes;
  }

  static Stream<Arguments> operators() {
    return Stream.of(convolutions(), transposed(), pools(), others()).flatMap(cases -> cases);
  }

  private static Stream<Arguments> convolutions() {
    return Stream.of(
        windows("Conv", 8, sizes(2, 3, 7, 6), sizes(4, 3, 1, 1)),
        windows("Conv", 11, sizes(2, 3, 9), sizes(4, 3, 3), ints("pads", 2, 1)),
        windows(
            "Conv",
            11,
            sizes(2, 4, 9, 8),
            sizes(6, 2, 3, 2),
            Attribute.integer("group", 2),
            ints("strides", 2, 3),
            ints("dilations", 2, 1),
            ints("pads", 1, 0, 2, 1)),
        windows(
            "Conv",
            17,
            sizes(1, 3, 7, 8),
            sizes(3, 1, 3, 3),
            Attribute.integer("group", 3),
            Attribute.string("auto_pad", "SAME_LOWER"),
            ints("strides", 2, 2)),
        windows(
            "Conv",
            17,
            sizes(1, 2, 4, 5, 6),
            sizes(3, 2, 2, 3, 2),
            Attribute.string("auto_pad", "SAME_UPPER")));
  }

  private static Stream<Arguments> transposed() {
    return Stream.of(
        windows("ConvTranspose", 11, sizes(2, 3, 4), sizes(3, 2, 3), ints("strides", 2)),
        windows(
            "ConvTranspose",
            17,
            sizes(2, 4, 5, 4),
            sizes(4, 3, 3, 2),
            Attribute.integer("group", 2),
            ints("strides", 3, 2),
            ints("dilations", 2, 1),
            ints("pads", 1, 0, 2, 1),
            ints("output_padding", 1, 0)));
  }

  private static Stream<Arguments> pools() {
    return Stream.of(
        windows(
            "AveragePool",
            11,
            sizes(1, 2, 7, 8),
            sizes(),
            ints("kernel_shape", 3, 2),
            ints("strides", 2, 2),
            ints("pads", 1, 0, 1, 1)),
        windows(
            "AveragePool",
            17,
            sizes(1, 2, 7, 8),
            sizes(),
            ints("kernel_shape", 3, 3),
            ints("strides", 2, 2),
            ints("pads", 1, 1, 1, 1),
            Attribute.integer("count_include_pad", 1)),
        windows(
            "AveragePool",
            17,
            sizes(1, 2, 8, 8),
            sizes(),
            ints("kernel_shape", 3, 3),
            ints("strides", 2, 2),
            Attribute.integer("ceil_mode", 1)),
        windows("GlobalAveragePool", 17, sizes(2, 3, 4, 5), sizes()));
  }

  private static Stream<Arguments> others() {
    return Stream.of(
        windows("HardSigmoid", 9, sizes(3, 40), sizes(), Attribute.decimal("alpha", 0.3f)),
        windows("Clip", 9, sizes(3, 40), sizes(), Attribute.decimal("max", 0.5f)),
        windows("Upsample", 7, sizes(2, 1, 3, 4), sizes(), Attribute.floats("scales", 1, 1, 2, 3)));
  }

  @ParameterizedTest
  @MethodSource("operators")
  void givesWhatTheOriginalGives(
      String operator, int opset, long[] image, long[] kernel, List<Attribute> attributes) {
    GraphBuilder g = new GraphBuilder(operator, opset);
    Value x = g.input("x", ElementType.FLOAT, Shape.fixed(image));
    Random random = new Random(2);
    List<Value> inputs =
        kernel.length == 0 ? List.of(x) : List.of(x, g.constant("w", random(random, kernel)));
    Value y = g.node(operator, inputs, attributes.toArray(Attribute[]::new));
    g.output("y", y, ElementType.FLOAT, Shape.of());
    assertSame(g.build(), random(random, image));
  }

  @ParameterizedTest
  @MethodSource("resizes")
  void resizesAsTheOriginalDoes(String mode, String coordinates, float scale) {
    GraphBuilder g = new GraphBuilder("resize", 13);
    Value x = g.input("x", ElementType.FLOAT, Shape.fixed(2, 3, 4, 6));
    Value none = g.constant("none", new float[0], 0);
    Value scales = g.constant("scales", new float[] {1, 1, scale, 1.5f}, 4);
    Value y =
        g.node(
            "Resize",
            List.of(x, none, scales),
            Attribute.string("mode", mode),
            Attribute.string("coordinate_transformation_mode", coordinates));
    g.output("y", y, ElementType.FLOAT, Shape.of());
    assertSame(g.build(), random(new Random(3), 2, 3, 4, 6));
  }

  static Stream<Arguments> resizes() {
    return Stream.of(
        Arguments.of("nearest", "asymmetric", 2f),
        Arguments.of("linear", "half_pixel", 0.5f),
        Arguments.of("cubic", "align_corners", 2f));
  }

  private static void assertSame(OnnxModel declared, Tensor x) {
    OnnxModel model = Graphs.withoutOutputShapes(declared);
    Map<String, Tensor> point = Map.of("x", x);
    Map<String, Tensor> precise = Map.of("x", Tensor.of(x.doubles(), x.sizes()));
    try (OrtGraph single = new OrtGraph(model);
        OrtGraph twice = new OrtGraph(DoublePrecision.of(model, point))) {
      assertArrayEquals(single.run(point).get("y"), twice.run(precise).get("y"), 2e-6);
      assertArrayEquals(single.shape("y"), twice.shape("y"));
    }
  }

  private static Tensor random(Random random, long... sizes) {
    return Tensors.of(
        ElementType.FLOAT, VectorJacobianCheck.normals(random, WindowTable.product(sizes)), sizes);
  }
}
