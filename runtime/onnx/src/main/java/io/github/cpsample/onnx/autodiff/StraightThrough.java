package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.base.Checks;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * The straight-through estimator (Bengio, Leonard and Courville 2013): on the way back, rounding
 * counts as the identity, and an integer tensor as the real numbers that were rounded. What was
 * clipped to the range of the integers gets nothing, as in PyTorch's {@code fake_quantize}: its
 * numbers before rounding are below the least minus a half, or the greatest plus a half and above.
 * Scales and zero points that are computed from the values themselves count as constants.
 */
final class StraightThrough {

  /** What a user is told where this would help. */
  static final String ADVICE =
      "--straight-through (straightThrough() in Java) lets gradients pass the rounding";

  private static final Map<String, AdjointRule> RULES =
      Map.of(
          "QuantizeLinear", new DecomposedRule((e, n) -> List.of(quantized(e, n))),
          "DynamicQuantizeLinear", new DecomposedRule((e, n) -> List.of(dynamic(e, n))),
          "QLinearConv", new DecomposedRule((e, n) -> List.of(convolution(e, n))),
          "QLinearMatMul", new DecomposedRule((e, n) -> List.of(product(e, n))),
          "ConvInteger", new DecomposedRule((e, n) -> List.of(integerConvolution(e, n))),
          "MatMulInteger", new DecomposedRule((e, n) -> List.of(integerProduct(e, n))));

  /** What means the same on the integers as on the numbers that they stand for. */
  private static final Set<String> PASSING =
      Set.of(
          "Add",
          "Concat",
          "DepthToSpace",
          "Expand",
          "Flatten",
          "Gather",
          "Identity",
          "MaxPool",
          "Mul",
          "Reshape",
          "Slice",
          "SpaceToDepth",
          "Split",
          "Squeeze",
          "Sub",
          "Tile",
          "Transpose",
          "Unsqueeze");

  private static final AdjointRule IN_NUMBERS = new DecomposedRule(StraightThrough::inNumbers);

  private StraightThrough() {}

  /** Whether an operator rounds, so that only this estimator gets a gradient through it. */
  static boolean rounds(Node node) {
    return node.domain().isEmpty() && RULES.containsKey(node.operator());
  }

  /** Whether an operator that reads such integers hands them on. */
  static boolean passes(Node node) {
    return node.domain().isEmpty() && PASSING.contains(node.operator());
  }

  /** The rule of an operator that {@link #rounds}. */
  static AdjointRule rule(Node node) {
    return Checks.entry(RULES, node.operator());
  }

  /** The rule of an operator that {@link #passes} integers on. */
  static AdjointRule passing() {
    return IN_NUMBERS;
  }

  /** The operator itself, of the numbers that its integers stand for. */
  private static List<String> inNumbers(Emitter e, NodeAdjoint n) {
    List<String> operands = new ArrayList<>();
    for (int i = 0; i < n.node().inputs().size(); i++) {
      operands.add(n.isActive(i) ? number(e, n.in(i)) : like(e, n, i));
    }
    return e.nodes(
        n.node().operator(),
        operands,
        n.node().outputs().size(),
        n.node().attributes().toArray(Attribute[]::new));
  }

  /** An operand that is not active: a number too where all operands are of one type. */
  private static String like(Emitter e, NodeAdjoint n, int input) {
    boolean arithmetic = Set.of("Add", "Concat", "Mul", "Sub").contains(n.node().operator());
    return arithmetic ? number(e, n.in(input)) : n.in(input);
  }

  private static String number(Emitter e, String value) {
    return e.type(value).isFloatingPoint() ? value : e.cast(value, ElementType.FLOAT);
  }

  /** x / scale + zero point, cut off at the range of the integers. */
  private static String quantized(Emitter e, NodeAdjoint n) {
    String x = number(e, n.in(0));
    String scale = QuantizationRules.spread(e, n, e.cast(n.in(1), e.type(x)));
    String steps = e.div(x, scale);
    if (n.node().hasInput(2)) {
      String point = QuantizationRules.spread(e, n, e.cast(n.in(2), e.type(x)));
      steps = e.add(steps, point);
    }
    return clipped(n, steps, n.out());
  }

  private static String dynamic(Emitter e, NodeAdjoint n) {
    List<String> outputs = n.node().outputs();
    String steps = e.div(n.in(0), outputs.get(1));
    return clipped(n, e.add(steps, number(e, outputs.get(2))), n.out());
  }

  /** Numbers of which those beyond the range of an integer tensor do not vary. */
  private static String clipped(NodeAdjoint n, String numbers, String like) {
    Emitter e = n.emit();
    ElementType type = e.type(like);
    int bits = Byte.SIZE * type.bytes();
    boolean signed = type == ElementType.INT8 || type == ElementType.INT16;
    if (!signed && type != ElementType.UINT8 && type != ElementType.UINT16) {
      throw n.refuse("expected integers of 8 or 16 bits, found " + type);
    }
    double least = signed ? -Math.scalb(1.0, bits - 1) : 0;
    double greatest = least + Math.scalb(1.0, bits) - 1;
    String below = e.less(numbers, e.scalar(least - 0.5, numbers));
    String inside = e.and(e.not(below), e.less(numbers, e.scalar(greatest + 0.5, numbers)));
    return e.where(inside, numbers);
  }

  /** (q - zero point) scale, with parameters for all or per row of the first axis. */
  private static String dequantized(NodeAdjoint n, int q, int scale, int point) {
    Emitter e = n.emit();
    String numbers = centred(n, q, point, perFirst(n, q));
    return e.mul(numbers, e.reshape(n.in(scale), perFirst(n, q)));
  }

  private static String centred(NodeAdjoint n, int q, int point, long... form) {
    Emitter e = n.emit();
    String numbers = number(e, n.in(q));
    if (!n.node().hasInput(point)) {
      return numbers;
    }
    String zero = number(e, n.in(point));
    return e.sub(numbers, e.reshape(zero, form));
  }

  private static long[] perFirst(NodeAdjoint n, int input) {
    long[] form = LongStream.generate(() -> 1).limit(Math.max(1, n.rank(input))).toArray();
    form[0] = -1;
    return form;
  }

  private static String rescaled(NodeAdjoint n, String numbers) {
    Emitter e = n.emit();
    String steps = e.div(numbers, n.in(6));
    return clipped(n, e.add(steps, number(e, n.in(7))), n.out());
  }

  private static String convolution(Emitter e, NodeAdjoint n) {
    String x = e.mul(centred(n, 0, 2, 1), n.in(1));
    String weights = dequantized(n, 3, 4, 5);
    String result =
        e.node("Conv", List.of(x, weights), n.node().attributes().toArray(Attribute[]::new));
    if (n.node().hasInput(8)) {
      String step = e.mul(n.in(1), n.in(4));
      String bias = e.mul(number(e, n.in(8)), step);
      long[] form = LongStream.generate(() -> 1).limit(n.rank(0) - 1L).toArray();
      form[0] = -1;
      result = e.add(result, e.reshape(bias, form));
    }
    return rescaled(n, result);
  }

  private static String product(Emitter e, NodeAdjoint n) {
    String a = e.mul(e.sub(number(e, n.in(0)), rows(n, 2)), rows(n, 1));
    String b = e.mul(e.sub(number(e, n.in(3)), number(e, n.in(5))), n.in(4));
    return rescaled(n, e.matMul(a, b));
  }

  /** A parameter of the rows of a matrix, or one for all. */
  private static String rows(NodeAdjoint n, int input) {
    Emitter e = n.emit();
    String value = number(e, n.in(input));
    boolean one = n.rank(input) != 1 || n.shape(input).dim(0).size() == 1;
    return one ? value : e.unsqueeze(value, 1);
  }

  private static String integerConvolution(Emitter e, NodeAdjoint n) {
    String x = centred(n, 0, 2, 1);
    String weights = centred(n, 1, 3, perFirst(n, 1));
    return e.node("Conv", List.of(x, weights), n.node().attributes().toArray(Attribute[]::new));
  }

  private static String integerProduct(Emitter e, NodeAdjoint n) {
    String a = number(e, n.in(0));
    String b = number(e, n.in(1));
    return e.matMul(
        n.node().hasInput(2) ? e.sub(a, rows(n, 2)) : a,
        n.node().hasInput(3) ? e.sub(b, number(e, n.in(3))) : b);
  }
}
