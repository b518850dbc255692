package io.github.cpsample.onnx.autodiff;

/** How cotangents pass backwards through one operator. */
@FunctionalInterface
interface AdjointRule {

  /**
   * Gives the node's active inputs their cotangents.
   *
   * @param node the node, with the cotangents of its outputs
   */
  void apply(NodeAdjoint node);

  /**
   * Whether the rule takes the cotangents of all outputs, not of the first only.
   *
   * @return false unless a rule says otherwise
   */
  default boolean takesAllOutputs() {
    return false;
  }

  /**
   * A rule that takes the cotangents of all outputs.
   *
   * @param rule what it does
   * @return the rule
   */
  static AdjointRule ofAllOutputs(AdjointRule rule) {
    return new AdjointRule() {
      @Override
      public void apply(NodeAdjoint node) {
        rule.apply(node);
      }

      @Override
      public boolean takesAllOutputs() {
        return true;
      }
    };
  }
}
