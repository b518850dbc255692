package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import java.util.ArrayList;
import java.util.List;

/**
 * The adjoint of an operator that selects or repeats elements of its first input, whatever its
 * other inputs say: the very operator, run on the positions of all elements, tells where every
 * element of g came from.
 */
final class SelectedElements {

  private final NodeAdjoint n;
  private final Emitter e;

  SelectedElements(NodeAdjoint node) {
    this.n = node;
    this.e = node.emit();
  }

  /** Of an operator that takes every element once at most. */
  String image() {
    String count = e.node("Reshape", e.node("Size", n.in(0)), e.integers(1));
    String shape = e.node("Shape", n.in(0));
    List<String> inputs = new ArrayList<>(n.node().inputs());
    inputs.set(0, e.reshape(new Indices(e).range(count), shape));
    String places =
        e.node(n.node().operator(), inputs, n.node().attributes().toArray(Attribute[]::new));
    String zeros = e.node("Expand", e.scalar(0, n.in(0)), count);
    return e.reshape(e.scatter(zeros, flat(places), flat(n.cotangent()), 0), shape);
  }

  private String flat(String value) {
    return e.node("Reshape", value, e.integers(-1));
  }
}
