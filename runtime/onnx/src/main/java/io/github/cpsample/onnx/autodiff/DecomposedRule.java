package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * An operator that is made of simpler ones: it is written out, and the way back goes through what
 * was written. Only what the way back needs of that stays in the graph.
 */
final class DecomposedRule implements AdjointRule {

  /** Writes an operator as simpler ones. */
  @FunctionalInterface
  interface Decomposition {

    /**
     * Emits the simpler operators.
     *
     * @param e where to emit
     * @param n the operator
     * @return its outputs, in order; those at the end that nothing depends on may be missing
     */
    List<String> outputs(Emitter e, NodeAdjoint n);
  }

  private final Decomposition decomposition;

  DecomposedRule(Decomposition decomposition) {
    this.decomposition = decomposition;
  }

  @Override
  public boolean takesAllOutputs() {
    return true;
  }

  @Override
  public void apply(NodeAdjoint n) {
    Emitter e = n.emit();
    List<String> written = new ArrayList<>();
    List<Node> all = e.appender().recorded(() -> written.addAll(decomposition.outputs(e, n)));
    List<String> read = n.activeReads().stream().distinct().toList();
    List<Node> nodes =
        all.stream().filter(node -> node.outputs().stream().noneMatch(read::contains)).toList();
    List<String> reached = new ArrayList<>();
    for (int i = 0; i < n.node().outputs().size(); i++) {
      if (n.cotangent(i) != null) {
        if (i >= written.size()) {
          throw n.refuse("its output " + i + " has no derivative, but is used");
        }
        reached.add(written.get(i));
      }
    }
    try {
      BackwardPass pass = new BackwardPass(e.activity(nodes, read, reached), e);
      for (int i = 0; i < n.node().outputs().size(); i++) {
        if (n.cotangent(i) != null) {
          pass.receive(written.get(i), n.cotangent(i));
        }
      }
      pass.pass(nodes);
      read.forEach(value -> n.receive(value, pass.cotangent(value)));
    } catch (UnsupportedOperatorException refusal) {
      throw n.refuse("of what it is made of: " + refusal.getMessage());
    }
  }
}
