package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.ValueInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code Loop} and {@code Scan} whose number of steps is known, with their bodies written out once
 * per step. A loop that a condition may end earlier is refused.
 */
final class UnrolledLoop {

  private static final long MOST_STEPS = 4096;

  private final NodeAdjoint n;
  private final Emitter e;
  private final Graph body;

  UnrolledLoop(NodeAdjoint node) {
    this.n = node;
    this.e = node.emit();
    this.body =
        node.node()
            .attribute("body")
            .map(a -> (Graph) a.value())
            .orElseThrow(() -> node.refuse("it has no body"));
  }

  /** Inputs: most steps, condition, state; the body's: step, condition, state. */
  List<String> loop() {
    long steps =
        n.node().hasInput(0)
            ? e.integersOf(n.in(0))
                .filter(count -> count.length == 1)
                .map(count -> count[0])
                .orElseThrow(
                    () -> n.refuse("its number of steps is only known when the graph runs"))
            : -1;
    require(steps);
    int count = n.node().inputs().size() - 2;
    List<String> state = new ArrayList<>(n.node().inputs().subList(2, count + 2));
    List<List<String>> collected = new ArrayList<>();
    boolean asked = n.node().hasInput(1) && !isTrue(n.in(1));
    if (asked || !passesItsCondition()) {
      throw n.refuse("expected a loop that only its number of steps ends");
    }
    String condition =
        n.node().hasInput(1)
            ? n.in(1)
            : e.appender().shared("true", () -> Tensor.ofBytes(ElementType.BOOL, new byte[] {1}));
    for (long step = 0; step < steps; step++) {
      long number = step;
      List<String> given = new ArrayList<>();
      given.add(e.appender().shared("step " + step, () -> Tensor.of(new long[] {number})));
      given.add(condition);
      given.addAll(state);
      List<String> results = step(given);
      state = new ArrayList<>(results.subList(1, count + 1));
      collected.add(results.subList(count + 1, results.size()));
    }
    List<String> outputs = new ArrayList<>(state);
    outputs.addAll(stacked(collected, Collections.nCopies(collected.get(0).size(), 0L), false));
    return outputs;
  }

  /** Whether the body hands on the condition that it is given, or a constant that is true. */
  private boolean passesItsCondition() {
    String own = body.inputs().get(1).name();
    String result = body.outputs().get(0).name();
    Map<String, Node> producers = new HashMap<>();
    body.nodes().forEach(node -> node.outputs().forEach(o -> producers.put(o, node)));
    while (producers.containsKey(result)) {
      Node node = producers.get(result);
      if (node.operator().equals("Constant")) {
        return node.attribute("value")
            .map(a -> (Tensor) a.value())
            .filter(UnrolledLoop::isTrue)
            .isPresent();
      }
      if (!node.operator().equals("Identity") && !node.operator().equals("Cast")) {
        return false;
      }
      result = node.inputs().get(0);
    }
    return result.equals(own)
        || isTrue(result)
        || (body.initializers().containsKey(result) && isTrue(body.initializers().get(result)));
  }

  private boolean isTrue(String value) {
    return e.constantValue(value).map(UnrolledLoop::isTrue).orElse(false);
  }

  private static boolean isTrue(Tensor tensor) {
    return tensor.size() == 1 && tensor.bytes().get(0) != 0;
  }

  /** Inputs: state, then what is gone through slice by slice. */
  List<String> scan() {
    if (e.opset() < 9) {
      return batches();
    }
    long sliced = n.node().integer("num_scan_inputs", 1);
    if (sliced < 1 || sliced > n.node().inputs().size()) {
      throw n.refuse(
          "expected from 1 to "
              + n.node().inputs().size()
              + " inputs to go through, found "
              + sliced);
    }
    int scanned = (int) sliced;
    int count = n.node().inputs().size() - scanned;
    long[] axes = list("scan_input_axes", scanned);
    long[] backwards = list("scan_input_directions", scanned);
    int along = n.axis(axes[0], count);
    long steps = n.fixedSizes(n.shape(count), along)[0];
    require(steps);
    List<String> state = new ArrayList<>(n.node().inputs().subList(0, count));
    List<List<String>> collected = new ArrayList<>();
    for (long step = 0; step < steps; step++) {
      List<String> given = new ArrayList<>(state);
      for (int i = 0; i < scanned; i++) {
        long at = backwards[i] == 0 ? step : steps - 1 - step;
        int axis = n.axis(axes[i], count + i);
        String slice = e.slice(n.in(count + i), axis, e.integers(at), e.integers(at + 1));
        given.add(e.squeeze(slice, axis));
      }
      List<String> results = step(given);
      state = new ArrayList<>(results.subList(0, count));
      collected.add(results.subList(count, results.size()));
    }
    List<String> outputs = new ArrayList<>(state);
    int given = collected.get(0).size();
    long[] places = list("scan_output_axes", given);
    List<Long> at = new ArrayList<>();
    for (long place : places) {
      at.add(place);
    }
    long[] order = list("scan_output_directions", given);
    for (int i = 0; i < given; i++) {
      int output = i;
      List<List<String>> one =
          collected.stream().map(results -> List.of(results.get(output))).toList();
      outputs.addAll(stacked(one, List.of(at.get(i)), order[i] != 0));
    }
    return outputs;
  }

  /**
   * The scan of opset 8: lengths (not known here), state and what is gone through along the second
   * axis, all with a batch as first axis, each of which is gone through by itself.
   */
  private List<String> batches() {
    if (n.node().hasInput(0)) {
      throw n.refuse("expected sequences that are all gone through to their end");
    }
    int scanned = Math.toIntExact(n.node().integer("num_scan_inputs", 1));
    int count = n.node().inputs().size() - 1 - scanned;
    if (scanned < 1 || count < 0) {
      throw n.refuse("expected at least one input to go through, found " + scanned);
    }
    long[] sizes = n.fixedSizes(n.shape(1 + count), 0);
    require(Math.multiplyExact(sizes[0], sizes[1]));
    long[] backwards = list("directions", scanned);
    List<List<String>> ofBatches = new ArrayList<>();
    for (long batch = 0; batch < sizes[0]; batch++) {
      List<String> state = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        state.add(at(n.in(1 + i), 0, batch));
      }
      List<List<String>> collected = new ArrayList<>();
      for (long step = 0; step < sizes[1]; step++) {
        List<String> given = new ArrayList<>(state);
        for (int i = 0; i < scanned; i++) {
          long place = backwards[i] == 0 ? step : sizes[1] - 1 - step;
          given.add(at(at(n.in(1 + count + i), 0, batch), 0, place));
        }
        List<String> results = step(given);
        state = results.subList(0, count);
        collected.add(results.subList(count, results.size()));
      }
      List<String> one = new ArrayList<>(state);
      one.addAll(stacked(collected, Collections.nCopies(collected.get(0).size(), 0L), false));
      ofBatches.add(one);
    }
    return stacked(ofBatches, Collections.nCopies(ofBatches.get(0).size(), 0L), false);
  }

  private String at(String value, int axis, long index) {
    return e.squeeze(e.slice(value, axis, e.integers(index), e.integers(index + 1)), axis);
  }

  private long[] list(String attribute, int count) {
    return n.node().ints(attribute).orElse(new long[count]);
  }

  private void require(long steps) {
    if (steps < 1 || steps > MOST_STEPS) {
      throw n.refuse(
          "expected a known number of steps from 1 to " + MOST_STEPS + ", found " + steps);
    }
  }

  /** What the steps gave, behind each other along new axes. */
  private List<String> stacked(List<List<String>> steps, List<Long> axes, boolean backwards) {
    List<String> outputs = new ArrayList<>();
    for (int i = 0; i < axes.size(); i++) {
      List<String> parts = new ArrayList<>();
      for (List<String> step : steps) {
        parts.add(e.unsqueeze(step.get(i), axes.get(i)));
      }
      if (backwards) {
        Collections.reverse(parts);
      }
      outputs.add(e.concat(parts, axes.get(i)));
    }
    return outputs;
  }

  /** Writes the body once, on other values. */
  private List<String> step(List<String> given) {
    Map<String, String> names = new HashMap<>();
    List<ValueInfo> inputs = body.inputs();
    for (int i = 0; i < inputs.size(); i++) {
      names.put(inputs.get(i).name(), given.get(i));
    }
    body.initializers().forEach((name, tensor) -> names.put(name, e.constant(tensor)));
    for (Node node : body.nodes()) {
      if (!node.domain().isEmpty() || !node.subgraphs().isEmpty()) {
        throw n.refuse("expected a body of plain operators, found node " + node);
      }
      if (node.operator().equals("Constant")) {
        names.put(node.outputs().get(0), constant(node));
        continue;
      }
      List<String> operands =
          node.inputs().stream().map(name -> names.getOrDefault(name, name)).toList();
      List<String> results =
          e.nodes(
              node.operator(),
              operands,
              node.outputs().size(),
              node.attributes().toArray(Attribute[]::new));
      for (int i = 0; i < results.size(); i++) {
        names.put(node.outputs().get(i), results.get(i));
      }
    }
    return body.outputs().stream().map(o -> names.getOrDefault(o.name(), o.name())).toList();
  }

  private String constant(Node node) {
    return node.attribute("value")
        .map(a -> e.constant((Tensor) a.value()))
        .orElseGet(
            () -> e.node("Constant", List.of(), node.attributes().toArray(Attribute[]::new)));
  }
}
