package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.Renaming;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.TensorTypes;
import io.github.cpsample.onnx.ValueInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph inside another, and what is emitted into it.
 *
 * @param graph the graph, its values under names of their own
 * @param emitter emits into it
 * @param known what is known of its values and of those around it
 */
record Scope(Graph graph, Emitter emitter, TensorTypes known) {

  /** A copy of a branch all of whose values have a prefix. */
  static Graph renamed(Graph branch, String prefix) {
    Set<String> own = new HashSet<>(branch.initializers().keySet());
    branch.nodes().forEach(node -> own.addAll(node.outputs()));
    own.remove("");
    return Renaming.ofValues(name -> own.contains(name) ? prefix + name : name).graph(branch);
  }

  /** Which values lie between some that are read from around it and some that it gives. */
  Activity activity(List<String> inputs, List<String> outputs) {
    return Activity.of(
        graph.nodes(), emitter.opset(), known, inputs, outputs, emitter.isStraightThrough());
  }

  /** The graph with all that was emitted, giving other values. */
  Graph with(List<ValueInfo> results) {
    Appender appended = emitter.appender();
    List<Node> nodes = new ArrayList<>(appended.forward());
    nodes.addAll(appended.nodes());
    Map<String, Tensor> constants = new LinkedHashMap<>(graph.initializers());
    constants.putAll(appended.constants());
    return DeadNodes.remove(
        new Graph(graph.name(), List.of(), results, nodes, constants, List.of()));
  }
}
