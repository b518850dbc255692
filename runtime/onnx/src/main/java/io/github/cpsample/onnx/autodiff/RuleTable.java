package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Node;
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
}
