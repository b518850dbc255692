package io.github.cpsample.onnx.autodiff;

/** Says that a derivative could be written if the model were of a newer opset. */
final class NewerOpsetNeeded extends IllegalStateException {

  private static final long serialVersionUID = 1;

  private final int opset;
  private final transient UnsupportedOperatorException refusal;

  NewerOpsetNeeded(int opset, String what) {
    super(what + " needs opset " + opset + " or later");
    this.opset = opset;
    this.refusal = null;
  }

  /** The same, of a node. */
  NewerOpsetNeeded(NewerOpsetNeeded needed, NodeAdjoint node) {
    super(needed.getMessage(), needed);
    this.opset = needed.opset;
    this.refusal = node.refuse(needed.getMessage());
  }

  /** The opset that is needed. */
  int opset() {
    return opset;
  }

  /** What to say where the model cannot be written in that opset. */
  UnsupportedOperatorException refusal() {
    return refusal;
  }
}
