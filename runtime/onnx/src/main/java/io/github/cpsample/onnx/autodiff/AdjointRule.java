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
}
