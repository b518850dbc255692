package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.base.Checks;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says that a derivative could be written if the model were of a newer opset. */
final class NewerOpsetNeeded extends IllegalStateException {

  private static final long serialVersionUID = 1;

  private final int opset;
  private final transient @Nullable UnsupportedOperatorException refusal;

  NewerOpsetNeeded(int opset, String what) {
    super(what + " needs opset " + opset + " or later");
    this.opset = opset;
    this.refusal = null;
  }

  /** The same, of a node. */
  NewerOpsetNeeded(NewerOpsetNeeded needed, NodeAdjoint node) {
    super(needed.getMessage(), needed);
    this.opset = needed.opset;
    this.refusal = node.refuse(Checks.message(needed));
  }

  /** The opset that is needed. */
  int opset() {
    return opset;
  }

  /** What to say where the model cannot be written in that opset. */
  UnsupportedOperatorException refusal() {
    return Objects.requireNonNull(refusal, "raised of no node");
  }
}
