package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which rule differentiates which operator, of ONNX's own domain and of ONNX Runtime's. */
final class RuleTable {

  /** The newest opset whose operators were read. */
  static final int NEWEST_OPSET = 26;

  private static final Map<String, AdjointRule> RULES = rules();

  private static final String CONTRIBUTED_DOMAIN = "com.microsoft";

  private static final Map<String, AdjointRule> CONTRIBUTED = contributed();

  private RuleTable() {}

  private static Map<String, AdjointRule> rules() {
    Map<String, AdjointRule> rules = new TreeMap<>();
    UnaryRules.addTo(rules);
    TrigonometricRules.addTo(rules);
    PiecewiseRules.addTo(rules);
    ArithmeticRules.addTo(rules);
    ProductRules.addTo(rules);
    NormalizationRules.addTo(rules);
    SoftmaxRules.addTo(rules);
    ReductionRules.addTo(rules);
    LayoutRules.addTo(rules);
    SelectionRules.addTo(rules);
    ScatterRules.addTo(rules);
    rules.put("Einsum", new EinsumRule());
    LpRules.addTo(rules);
    TransformerRules.addTo(rules);
    LossRules.addTo(rules);
    QuantizationRules.addTo(rules);
    for (String operator : List.of("RNN", "GRU", "LSTM")) {
      rules.put(operator, new DecomposedRule((e, n) -> new RecurrentParts(n).outputs()));
    }
    rules.put("Loop", new DecomposedRule((e, n) -> new UnrolledLoop(n).loop()));
    rules.put("Scan", new DecomposedRule((e, n) -> new UnrolledLoop(n).scan()));
    rules.put("Det", new DeterminantRule());
    GridRules.addTo(rules);
    FourierRules.addTo(rules);
    RegionRules.addTo(rules);
    rules.put(
        "DeformConv", new DecomposedRule((e, n) -> List.of(new DeformedConvolution(n).values())));
    rules.put("Col2Im", new ColumnsRule());
    rules.put("LRN", new LocalResponseRule());
    rules.put("If", new ConditionalRule());
    rules.put("Conv", new ConvolutionRule());
    rules.put("ConvTranspose", new TransposedConvolutionRule());
    rules.put("AveragePool", new AveragePoolRule());
    rules.put("MaxPool", new MaxPoolRule());
    rules.put("Resize", new ResizeRule());
    rules.put("Upsample", new ResizeRule());
    return rules;
  }

  private static Map<String, AdjointRule> contributed() {
    Map<String, AdjointRule> rules = new TreeMap<>();
    GeluRules.addContributedTo(rules);
    return rules;
  }

  private static Map<String, AdjointRule> rules(String domain) {
    return switch (domain) {
      case "" -> RULES;
      case CONTRIBUTED_DOMAIN -> CONTRIBUTED;
      default -> Map.of();
    };
  }

  /** The operators of ONNX's own domain that can be differentiated. */
  static Set<String> operators() {
    return RULES.keySet();
  }

  /** The operators of ONNX Runtime's own domain that can be differentiated. */
  static Set<String> contributedOperators() {
    return CONTRIBUTED.keySet();
  }

  /**
   * The rule of a node.
   *
   * @throws UnsupportedOperatorException if there is none
   */
  static AdjointRule rule(Node node, int opset, boolean straightThrough) {
    AdjointRule rule =
        straightThrough && StraightThrough.rounds(node)
            ? StraightThrough.rule(node)
            : rules(node.domain()).get(node.operator());
    if (rule != null && node.domain().isEmpty() && opset > NEWEST_OPSET) {
      throw new UnsupportedOperatorException(
          node,
          opset,
          "its definition is known here up to opset "
              + NEWEST_OPSET
              + "; convert the model with ONNX's version converter, or export it in that one");
    }
    if (rule == null) {
      throw new UnsupportedOperatorException(
          node,
          opset,
          "there is no rule for it"
              + (StraightThrough.rounds(node) ? "; " + StraightThrough.ADVICE : ""));
    }
    return rule;
  }

  /** Gives the node's active inputs their cotangents. */
  static void apply(NodeAdjoint node) {
    AdjointRule rule =
        node.isQuantized()
            ? StraightThrough.passing()
            : rule(node.node(), node.emit().opset(), node.emit().isStraightThrough());
    if (!rule.takesAllOutputs()) {
      for (int i = 1; i < node.node().outputs().size(); i++) {
        if (node.cotangent(i) != null) {
          throw node.refuse("only its first output has a derivative, but output " + i + " is used");
        }
      }
      if (node.cotangent() == null) {
        return;
      }
    }
    rule.apply(node);
  }

  /**
   * {@code Det}: x gets g times the transposed adjugate of x, which exists where the inverse does
   * not. It is found by Faddeev and LeVerrier's recursion: M = I, then M = x M - trace(x M) / k I
   * for k = 1 to size - 1; the adjugate is M, negated for even sizes.
   */
  private static final class DeterminantRule implements AdjointRule {

    private static final long LARGEST = 64;

    @Override
    public void apply(NodeAdjoint n) {
      n.give(0, () -> image(n));
    }

    private static String image(NodeAdjoint n) {
      Emitter e = n.emit();
      int rank = n.rank(0);
      long size = n.fixedSizes(n.shape(0), rank - 1)[0];
      if (size > LARGEST) {
        throw n.refuse("expected matrices of at most " + LARGEST + " rows, found " + size);
      }
      String identity = new Indices(e).identity(e.integers(size), n.in(0));
      String adjugate = e.expand(identity, e.fullShapeOf(n.in(0)));
      for (long k = 1; k < size; k++) {
        String product = e.matMul(n.in(0), adjugate);
        String trace = e.reduce("ReduceSum", e.mul(product, identity), true, rank - 2, rank - 1);
        String level = e.mul(e.scale(trace, 1.0 / k, n.in(0)), identity);
        adjugate = e.sub(product, level);
      }
      long[] order = new long[rank];
      Arrays.setAll(order, i -> i);
      order[rank - 1] = rank - 2L;
      order[rank - 2] = rank - 1L;
      String g = e.unsqueeze(n.cotangent(), rank - 2, rank - 1);
      String sign = e.scale(e.transpose(adjugate, order), size % 2 == 0 ? -1 : 1, n.in(0));
      return e.mul(g, sign);
    }
  }

  /**
   * Local response normalisation (Krizhevsky et al. 2012): y = x d^(-beta) with d = bias + alpha /
   * size times the sum of x^2 over {@code size} neighbouring channels.
   *
   * <p>x: g d^(-beta) - 2 alpha beta / size x times the sum of g y / d over the channels in whose
   * neighbourhood x lies. Both sums are convolutions along the channels, with mirrored pads.
   */
  private static final class LocalResponseRule implements AdjointRule {

    @Override
    public void apply(NodeAdjoint n) {
      n.give(0, () -> image(n));
    }

    private static String image(NodeAdjoint n) {
      Emitter e = n.emit();
      String x = n.in(0);
      long size = n.node().integer("size", 1);
      double alpha = n.node().decimal("alpha", 0.0001f);
      double beta = n.node().decimal("beta", 0.75f);
      long before = (size - 1) / 2;
      long after = size - 1 - before;
      String squares = neighbours(n, e.mul(x, x), alpha / size, before, after);
      String d = e.add(squares, e.scalar(n.node().decimal("bias", 1), x));
      String direct = e.mul(n.cotangent(), e.node("Pow", d, e.scalar(-beta, x)));
      String share = e.div(e.mul(n.cotangent(), n.out()), d);
      String others = neighbours(n, share, 2 * alpha * beta / size, after, before);
      return e.sub(direct, e.mul(x, others));
    }

    /** Weighted sums over neighbouring channels: channels and pixels as a one-channel image. */
    private static String neighbours(
        NodeAdjoint n, String value, double weight, long before, long after) {
      Emitter e = n.emit();
      String rows = e.unsqueeze(e.reshape(value, 0, 0, -1), 1);
      String kernel = e.filled(weight, n.in(0), 1, 1, before + after + 1, 1);
      String sums =
          e.node("Conv", List.of(rows, kernel), Attribute.ints("pads", before, 0, after, 0));
      return e.reshapeLike(sums, n.in(0));
    }
  }
}
