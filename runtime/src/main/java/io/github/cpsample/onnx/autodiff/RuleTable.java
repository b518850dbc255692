package io.github.cpsample.onnx.autodiff;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which rule differentiates which operator of ONNX's own domain. */
final class RuleTable {

  private static final Map<String, AdjointRule> RULES = rules();

  private RuleTable() {}

  private static Map<String, AdjointRule> rules() {
    Map<String, AdjointRule> rules = new TreeMap<>();
    UnaryRules.addTo(rules);
    ArithmeticRules.addTo(rules);
    ProductRules.addTo(rules);
    rules.put("Conv", new ConvolutionRule());
    NormalizationRules.addTo(rules);
    ReductionRules.addTo(rules);
    LayoutRules.addTo(rules);
    ResolutionRules.addTo(rules);
    return rules;
  }

  /** The operators that can be differentiated. */
  static Set<String> operators() {
    return RULES.keySet();
  }

  static AdjointRule rule(NodeAdjoint node) {
    AdjointRule rule = node.node().domain().isEmpty() ? RULES.get(node.node().operator()) : null;
    if (rule == null) {
      throw node.refuse("there is no rule for it; there are rules for " + RULES.keySet());
    }
    return rule;
  }
}
