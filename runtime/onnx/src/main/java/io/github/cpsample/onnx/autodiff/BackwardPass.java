package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.base.Checks;
import io.github.cpsample.onnx.MalformedModelException;
import io.github.cpsample.onnx.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;

/** The way back through the nodes of a graph, from the cotangents of what it gives. */
final class BackwardPass {

  private final Activity activity;
  private final Emitter emitter;
  private final Map<String, String> cotangents = new HashMap<>();

  BackwardPass(Activity activity, Emitter emitter) {
    this.activity = activity;
    this.emitter = emitter;
  }

  /** Adds to the cotangent of a value. */
  void receive(String value, String cotangent) {
    cotangents.merge(value, cotangent, (a, b) -> emitter.add(a, b));
  }

  /** Passes all nodes, from the last to the first. */
  void pass(List<Node> nodes) {
    for (int i = nodes.size() - 1; i >= 0; i--) {
      pass(nodes.get(i));
    }
  }

  private void pass(Node node) {
    boolean reached =
        node.outputs().stream().anyMatch(cotangents::containsKey)
            && node.reads().stream().anyMatch(activity::isActive);
    if (!reached) {
      return;
    }
    List<String> given = new ArrayList<>();
    node.outputs().forEach(o -> given.add(cotangents.get(o)));
    NodeAdjoint adjoint = new NodeAdjoint(node, given, activity, emitter, this::receive);
    if (isOfNothing(adjoint, given)) {
      adjoint.activeReads().stream()
          .distinct()
          .forEach(value -> receive(value, emitter.zerosLike(value)));
      return;
    }
    try {
      RuleTable.apply(adjoint);
    } catch (NewerOpsetNeeded e) {
      throw new NewerOpsetNeeded(e, adjoint);
    } catch (IllegalStateException e) {
      throw adjoint.refuse(Checks.message(e));
    } catch (MalformedModelException e) {
      throw e;
    } catch (IllegalArgumentException
        | IndexOutOfBoundsException
        | ArithmeticException
        | ClassCastException
        | NegativeArraySizeException
        | NoSuchElementException e) {
      throw new MalformedModelException(
          "node " + node + ": expected inputs and attributes that fit together, found " + e, e);
    }
  }

  /** Whether no output that anything depends on has elements; kernels cannot all be asked then. */
  private boolean isOfNothing(NodeAdjoint adjoint, List<String> given) {
    return given.stream().filter(Objects::nonNull).allMatch(emitter::isEmpty)
        && adjoint.activeReads().stream().noneMatch(emitter::isInteger);
  }

  /** What a value has received; zeros where that is nothing. */
  String cotangent(String value) {
    String received = cotangents.get(value);
    return received == null ? emitter.zerosLike(value) : received;
  }
}
