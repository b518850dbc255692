package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code If}: another If on the same condition, whose branches run the branch that was taken once
 * more and then back to every active value that either branch reads from around it; zeros for those
 * that it does not read.
 */
final class ConditionalRule implements AdjointRule {

  @Override
  public boolean takesAllOutputs() {
    return true;
  }

  @Override
  public void apply(NodeAdjoint n) {
    List<String> read = n.activeReads();
    List<Attribute> branches = new ArrayList<>();
    for (String branch : List.of("then_branch", "else_branch")) {
      Graph graph =
          n.node()
              .attribute(branch)
              .map(a -> (Graph) a.value())
              .orElseThrow(() -> n.refuse("it has no " + branch));
      branches.add(Attribute.graph(branch, backward(n, graph, read)));
    }
    List<String> results =
        n.emit().nodes("If", List.of(n.in(0)), read.size(), branches.toArray(Attribute[]::new));
    for (int i = 0; i < read.size(); i++) {
      n.emit().declareLike(results.get(i), read.get(i));
      n.receive(read.get(i), results.get(i));
    }
  }

  /** A copy of a branch under names of its own that gives the cotangents of what it reads. */
  private static Graph backward(NodeAdjoint n, Graph branch, List<String> read) {
    Scope scope = n.emit().scope(branch);
    List<String> outputs = new ArrayList<>();
    List<String> given = new ArrayList<>();
    for (int i = 0; i < n.node().outputs().size(); i++) {
      if (n.cotangent(i) != null) {
        outputs.add(scope.graph().outputs().get(i).name());
        given.add(n.cotangent(i));
      }
    }
    Emitter inner = scope.emitter();
    BackwardPass pass = new BackwardPass(scope.activity(read, outputs), inner);
    for (int i = 0; i < outputs.size(); i++) {
      pass.receive(outputs.get(i), given.get(i));
    }
    pass.pass(scope.graph().nodes());
    List<ValueInfo> results = new ArrayList<>();
    for (String value : read) {
      String name = inner.appender().result();
      inner.appender().name(pass.cotangent(value), name);
      results.add(new ValueInfo(name, inner.type(value), Optional.empty()));
    }
    return scope.with(results);
  }
}
