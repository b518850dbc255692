package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The way back through a convolution with a constant kernel, against ConvTranspose, which it is
 * where the kernel is an input, and against central differences.
 */
class BlockedTranspositionTest {

  private final Random random = new Random(5);

  /** A convolution: outputs, inputs, groups; kernel; strides, dilations, pads; image. */
  @SuppressWarnings("ArrayRecordComponent") // lives within one test, never compared
  private record Convolution(List<Long> channels, long[] kernel, long[] window, Dim... image) {

    static Convolution parse(String channels, String kernel, String window, String image) {
      Dim[] sizes = Arrays.stream(numbers(image)).mapToObj(Dim::of).toArray(Dim[]::new);
      List<Long> counts = Arrays.stream(numbers(channels)).boxed().toList();
      return new Convolution(counts, numbers(kernel), numbers(window), sizes);
    }

    private static long[] numbers(String text) {
      return Arrays.stream(text.split(" ", -1)).mapToLong(Long::parseLong).toArray();
    }

    long[] kernelSizes() {
      return new long[] {channels.get(0), channels.get(1) / channels.get(2), kernel[0], kernel[1]};
    }

    /** The kernel is a constant where it is given, else an input. */
    OnnxModel model(int opset, Tensor... weights) {
      GraphBuilder g = new GraphBuilder("convolution", opset);
      Dim batch = Dim.symbolic("N");
      Shape images = Shape.of(batch, Dim.of(channels.get(1)), image[0], image[1]);
      Value x = g.input("x", ElementType.FLOAT, images);
      Value w =
          weights.length > 0
              ? g.constant("w", weights[0])
              : g.input("w", ElementType.FLOAT, Shape.fixed(kernelSizes()));
      Value y =
          g.node(
              "Conv",
              List.of(x, w),
              Attribute.ints("strides", Arrays.copyOfRange(window, 0, 2)),
              Attribute.ints("dilations", Arrays.copyOfRange(window, 2, 4)),
              Attribute.ints("pads", Arrays.copyOfRange(window, 4, 8)),
              Attribute.integer("group", channels.get(2)));
      Shape results =
          Shape.of(batch, Dim.of(channels.get(0)), Dim.symbolic("H"), Dim.symbolic("W"));
      g.output("y", y, ElementType.FLOAT, results);
      return g.build();
    }
  }

  private Tensor tensor(long... sizes) {
    int count = Math.toIntExact(Arrays.stream(sizes).reduce(1, (a, b) -> a * b));
    return Tensors.of(ElementType.FLOAT, VectorJacobianCheck.normals(random, count), sizes);
  }

  private static OnnxModel derived(OnnxModel model) {
    return ReverseDifferentiator.of(model).withRespectTo("x").differentiate();
  }

  private static long transposed(OnnxModel model) {
    return model.graph().nodes().stream()
        .filter(node -> node.operator().equals("ConvTranspose"))
        .count();
  }

  private void compare(Convolution convolution, int opset, boolean blocked, long... image) {
    Tensor w = tensor(convolution.kernelSizes());
    OnnxModel model = convolution.model(opset, w);
    OnnxModel written = derived(model);
    OnnxModel plain = derived(convolution.model(opset));
    assertEquals(blocked ? 0 : 1, transposed(written));
    assertEquals(1, transposed(plain));
    try (OrtGraph forward = new OrtGraph(model);
        OrtGraph fast = new OrtGraph(written);
        OrtGraph slow = new OrtGraph(plain);
        VectorJacobianCheck differences = new VectorJacobianCheck(model, written, 0.5, 1e-3)) {
      for (int batch : new int[] {1, 3}) {
        Tensor x = tensor(batch, convolution.channels().get(1), image[0], image[1]);
        forward.run(Map.of("x", x));
        Tensor seed = tensor(forward.shape("y"));
        double[] expected = slow.run(Map.of("x", x, "w", w, "seed/y", seed)).get("grad/x");
        double[] found = fast.run(Map.of("x", x, "seed/y", seed)).get("grad/x");
        assertArrayEquals(x.sizes(), fast.shape("grad/x"));
        assertArrayEquals(expected, found, 1e-4);
        differences.check(Map.of("x", x), random, 2);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // many channels, as in a network that halves its images
    "32 16 1, 3 3, 2 2 1 1 1 1 1 1, 8 6",
    "64 32 1, 3 3, 2 2 1 1 1 1 1 1, 7 7",
    "16 16 1, 3 3, 2 2 1 1 0 0 0 0, 9 8",
    // windows that do not reach the end of the image
    "16 16 1, 2 3, 2 2 1 1 0 0 0 0, 7 8",
    "16 16 1, 4 4, 3 3 1 1 0 0 0 0, 12 11",
    // uneven pads, strides, kernels
    "16 16 1, 3 5, 2 3 1 1 0 2 1 1, 10 13",
    "16 32 1, 3 3, 1 2 1 1 1 1 1 1, 5 9",
    "16 32 1, 5 3, 2 1 1 1 2 1 2 1, 9 5",
    // taps apart
    "16 16 1, 3 3, 2 2 3 1 3 1 3 1, 11 9",
    // pads beyond the kernel: windows of nothing but zeros
    "16 16 1, 3 3, 2 2 1 1 4 4 3 5, 8 8",
    // few channels
    "16 1 1, 3 3, 1 1 1 1 1 1 1 1, 8 12",
    "16 1 1, 6 6, 2 2 1 1 2 2 2 2, 12 12",
    "16 1 1, 5 5, 1 1 1 1 0 0 0 0, 9 10",
    "32 3 1, 7 7, 2 2 1 1 3 3 3 3, 15 18",
    "32 3 1, 3 3, 1 1 2 2 2 2 2 2, 7 9",
    "32 4 1, 3 3, 1 1 1 1 1 1 1 1, 14 14",
    "16 3 1, 4 4, 4 4 1 1 0 0 0 0, 16 10",
    "16 1 1, 3 3, 1 2 1 1 1 1 1 1, 8 7",
    "16 3 1, 1 1, 2 2 1 1 0 0 0 0, 5 6"
  })
  void isWhatConvTransposeIs(String channels, String kernel, String window, String image) {
    Convolution convolution = Convolution.parse(channels, kernel, window, image);
    compare(convolution, 17, true, Convolution.numbers(image));
  }

  @ParameterizedTest
  @CsvSource({
    // groups
    "32 32 2, 3 3, 2 2 1 1 1 1 1 1, 8 8",
    // channels that do not fill the blocked layout
    "24 16 1, 3 3, 2 2 1 1 1 1 1 1, 8 8",
    "16 24 1, 3 3, 2 2 1 1 1 1 1 1, 8 8",
    // pixels that no tap reaches
    "16 16 1, 1 1, 2 2 1 1 0 0 0 0, 8 8",
    "16 16 1, 3 3, 2 2 2 2 1 1 1 1, 9 9",
    // strides of which no squares can be made
    "16 1 1, 3 3, 1 3 1 1 1 1 1 1, 8 8"
  })
  void otherwiseItStays(String channels, String kernel, String window, String image) {
    Convolution convolution = Convolution.parse(channels, kernel, window, image);
    compare(convolution, 17, false, Convolution.numbers(image));
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 9, 10, 11, 13, 18, 21})
  void atEveryOpset(int opset) {
    compare(Convolution.parse("16 16 1", "3 3", "2 2 1 1 1 1 1 1", "7 9"), opset, true, 7, 9);
    compare(Convolution.parse("16 3 1", "3 3", "2 2 1 1 1 1 1 1", "7 9"), opset, true, 7, 9);
  }

  @Test
  void sizesThatAreOpenStayOpen() {
    Dim[] open = {Dim.symbolic("h"), Dim.symbolic("w")};
    long[] kernel = {3, 3};
    long[] window = {2, 2, 1, 1, 1, 1, 1, 1};
    Convolution convolution = new Convolution(List.of(16L, 16L, 1L), kernel, window, open);
    compare(convolution, 17, false, 7, 10);
    compare(convolution, 17, false, 12, 5);
  }
}
