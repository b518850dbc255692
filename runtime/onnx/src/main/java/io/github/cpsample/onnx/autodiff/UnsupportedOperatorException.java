package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Node;

/** A graph holds an operation that cannot be differentiated; the message names it. */
public final class UnsupportedOperatorException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /**
   * An operation is refused.
   *
   * @param node the operation
   * @param opset the model's opset
   * @param reason why, and what would be supported
   */
  public UnsupportedOperatorException(Node node, int opset, String reason) {
    super(
        "Operator "
            + (node.domain().isEmpty() ? "" : node.domain() + "::")
            + node.operator()
            + " of node \""
            + node.name()
            + "\" (opset "
            + opset
            + ", output "
            + node.outputs()
            + ") cannot be differentiated: "
            + reason);
  }
}
