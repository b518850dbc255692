package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Operators;
import io.github.cpsample.onnx.Renaming;
import io.github.cpsample.onnx.ShapeInference;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.TensorTypes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Writes a model without those sequences of tensors whose elements are known before it runs: an
 * element is used by itself, what is split into a sequence is a {@code Split}, what is joined a
 * {@code Concat}, and what is done to every element is written once for each. A sequence that is
 * only known when the graph runs stays, and has no gradient.
 */
final class KnownSequences implements Operators<String> {

  private static final Set<String> BACK_TO_TENSORS =
      Set.of("ConcatFromSequence", "SequenceAt", "SequenceLength");
  private static final Set<String> SEQUENCES =
      Set.of(
          "SequenceConstruct",
          "SequenceEmpty",
          "SequenceErase",
          "SequenceInsert",
          "SequenceMap",
          "SplitToSequence");
  private static final long MOST_ELEMENTS = 4096;

  private final OnnxModel model;
  private final Set<String> names = new HashSet<>();
  private final Map<String, List<String>> elements = new HashMap<>();
  private final Map<String, Tensor> constants;
  private List<Node> written;
  private TensorTypes known;
  private boolean found;

  private KnownSequences(OnnxModel model) {
    this.model = model;
    this.constants = new LinkedHashMap<>(model.graph().initializers());
    this.written = model.graph().nodes();
    this.known = ShapeInference.infer(model);
    model.graph().inputs().forEach(input -> names.add(input.name()));
    names.addAll(constants.keySet());
    written.forEach(node -> names.addAll(node.outputs()));
  }

  /**
   * Writes a model without its known sequences.
   *
   * @param model the model
   * @return the model itself where no tensor comes from a sequence
   */
  static OnnxModel writtenOut(OnnxModel model) {
    boolean some =
        model.graph().nodes().stream()
            .anyMatch(node -> node.domain().isEmpty() && BACK_TO_TENSORS.contains(node.operator()));
    return some ? new KnownSequences(model).model() : model;
  }

  /** A sequence that is written out may give the sizes that the next one needs. */
  private OnnxModel model() {
    OnnxModel result = model;
    do {
      found = false;
      List<Node> nodes = written;
      written = new ArrayList<>();
      nodes.forEach(this::write);
      Graph graph = model.graph();
      result =
          model.withGraph(
              new Graph(
                  graph.name(),
                  graph.inputs(),
                  graph.outputs(),
                  written,
                  constants,
                  graph.valueInfo(),
                  graph.notes()));
      known = ShapeInference.infer(result);
    } while (found);
    return result.withGraph(DeadNodes.remove(result.graph()));
  }

  /** Whether an operator makes a sequence or reads one, and may be written out here. */
  static boolean handles(String operator) {
    return SEQUENCES.contains(operator) || BACK_TO_TENSORS.contains(operator);
  }

  private void write(Node node) {
    if (node.domain().isEmpty() && BACK_TO_TENSORS.contains(node.operator())) {
      written.add(tensor(node).map(value -> sameAs(value, node)).orElse(node));
    } else {
      if (node.domain().isEmpty() && node.operator().equals("SequenceMap")) {
        map(node);
      } else {
        sequence(node).ifPresent(all -> remember(node.outputs().get(0), all));
      }
      written.add(node);
    }
  }

  /** Writes the body once for every element. */
  private void map(Node node) {
    int count = given(node).map(List::size).orElse(0);
    List<List<String>> operands =
        node.inputs().stream().map(input -> operands(input, count)).toList();
    boolean fit = operands.stream().allMatch(all -> all.size() == count);
    boolean done = node.outputs().stream().anyMatch(elements::containsKey);
    Optional<Graph> body = node.attribute("body").map(given -> (Graph) given.value());
    if (done || !fit || count == 0 || count > MOST_ELEMENTS || body.isEmpty()) {
      return;
    }
    List<List<String>> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int element = i;
      results.add(of(body.get(), operands.stream().map(all -> all.get(element)).toList()));
    }
    for (int i = 0; i < node.outputs().size(); i++) {
      int output = i;
      remember(node.outputs().get(i), results.stream().map(all -> all.get(output)).toList());
    }
  }

  /** The elements of a known sequence, or a tensor that is the same for every element. */
  private List<String> operands(String input, int count) {
    List<String> all = elements.get(input);
    if (all != null) {
      return all;
    }
    return known.type(input).isPresent() ? Collections.nCopies(count, input) : List.of();
  }

  private List<String> of(Graph body, List<String> operands) {
    Map<String, String> own = new HashMap<>();
    for (int i = 0; i < operands.size(); i++) {
      own.put(body.inputs().get(i).name(), operands.get(i));
    }
    body.initializers().forEach((name, tensor) -> own.put(name, constant(tensor)));
    body.nodes().stream()
        .flatMap(node -> node.outputs().stream())
        .filter(output -> !output.isEmpty())
        .forEach(output -> own.put(output, fresh()));
    String prefix = fresh() + "/";
    Renaming renaming =
        new Renaming(
            name -> name.isEmpty() ? name : prefix + name, name -> own.getOrDefault(name, name));
    body.nodes().forEach(node -> written.add(renaming.node(node)));
    return body.outputs().stream()
        .map(output -> own.getOrDefault(output.name(), output.name()))
        .toList();
  }

  private Node sameAs(String value, Node node) {
    found = true;
    return new Node(node.name(), "Identity", "", List.of(value), node.outputs(), List.of());
  }

  private void remember(String sequence, List<String> all) {
    elements.put(sequence, List.copyOf(all));
    found = true;
  }

  /** The elements of what a node gives, if it is a sequence that was not known yet. */
  private Optional<List<String>> sequence(Node node) {
    boolean other = !node.domain().isEmpty() || node.outputs().isEmpty();
    if (other || elements.containsKey(node.outputs().get(0))) {
      return Optional.empty();
    }
    return switch (node.operator()) {
      case "SequenceEmpty" -> Optional.of(List.of());
      case "SequenceConstruct" -> Optional.of(node.inputs());
      case "SequenceInsert" -> inserted(node);
      case "SequenceErase" -> erased(node);
      case "SplitToSequence" -> split(node);
      case "Identity" -> given(node);
      default -> Optional.empty();
    };
  }

  /** The tensor that a node reads off a known sequence. */
  private Optional<String> tensor(Node node) {
    return switch (node.operator()) {
      case "SequenceAt" -> element(node);
      case "SequenceLength" -> length(node);
      default -> joined(node);
    };
  }

  private Optional<List<String>> given(Node node) {
    return node.hasInput(0)
        ? Optional.ofNullable(elements.get(node.inputs().get(0)))
        : Optional.empty();
  }

  /**
   * A constant position, counted from the end where it is negative; the end where none is given.
   */
  private Optional<Integer> position(Node node, int input, int size, int places) {
    if (!node.hasInput(input)) {
      return Optional.of(places - 1);
    }
    return known
        .integers(node.inputs().get(input))
        .filter(value -> value.length == 1)
        .map(value -> value[0] < 0 ? value[0] + size : value[0])
        .filter(at -> at >= 0 && at < places)
        .map(Math::toIntExact);
  }

  private Optional<String> element(Node node) {
    return given(node).flatMap(all -> position(node, 1, all.size(), all.size()).map(all::get));
  }

  private Optional<String> length(Node node) {
    return given(node).map(all -> constant(Tensor.of(new long[] {all.size()})));
  }

  private Optional<List<String>> inserted(Node node) {
    return given(node)
        .filter(all -> node.hasInput(1))
        .flatMap(
            all ->
                position(node, 2, all.size(), all.size() + 1)
                    .map(
                        at -> {
                          List<String> result = new ArrayList<>(all);
                          result.add(at, node.inputs().get(1));
                          return result;
                        }));
  }

  private Optional<List<String>> erased(Node node) {
    return given(node)
        .flatMap(
            all ->
                position(node, 1, all.size(), all.size())
                    .map(
                        at -> {
                          List<String> result = new ArrayList<>(all);
                          result.remove((int) at);
                          return result;
                        }));
  }

  private Optional<String> joined(Node node) {
    long axis = node.integer("axis", 0);
    boolean stacks = node.integer("new_axis", 0) != 0;
    return given(node)
        .filter(all -> !all.isEmpty())
        .map(all -> stacks ? all.stream().map(one -> unsqueeze(one, axis)).toList() : all)
        .map(all -> concat(all, axis));
  }

  private Optional<List<String>> split(Node node) {
    if (!node.hasInput(0)) {
      return Optional.empty();
    }
    String x = node.inputs().get(0);
    long axis = node.integer("axis", 0);
    boolean single = !node.hasInput(1);
    return parts(node, x, axis)
        .filter(sizes -> sizes.length > 0 && sizes.length <= MOST_ELEMENTS)
        .map(sizes -> split(x, axis, sizes))
        .map(
            all ->
                single && node.integer("keepdims", 1) == 0
                    ? all.stream().map(one -> squeeze(one, axis)).toList()
                    : all);
  }

  /** The sizes of the parts: one each, all of one size but the last, or as listed. */
  private Optional<long[]> parts(Node node, String x, long axis) {
    Optional<Long> size =
        known
            .shape(x)
            .filter(shape -> axis >= -shape.rank() && axis < shape.rank())
            .map(shape -> shape.dim((int) axis))
            .filter(dim -> dim.isFixed())
            .map(dim -> dim.size());
    if (!node.hasInput(1)) {
      return size.map(count -> LongStream.generate(() -> 1).limit(count).toArray());
    }
    String split = node.inputs().get(1);
    boolean scalar = known.shape(split).map(shape -> shape.rank() == 0).orElse(false);
    Optional<long[]> given = known.integers(split);
    return scalar
        ? size.flatMap(all -> given.filter(part -> part[0] > 0).map(part -> equal(all, part[0])))
        : given;
  }

  private static long[] equal(long size, long part) {
    return LongStream.iterate(0, at -> at < size, at -> at + part)
        .map(at -> Math.min(part, size - at))
        .toArray();
  }

  @Override
  public int opset() {
    return model.opset();
  }

  @Override
  public String constant(Tensor tensor) {
    String name = fresh();
    constants.put(name, tensor);
    return name;
  }

  @Override
  public List<String> nodes(
      String operator, List<String> operands, int count, Attribute... attributes) {
    List<String> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      results.add(fresh());
    }
    written.add(new Node(results.get(0), operator, "", operands, results, List.of(attributes)));
    return results;
  }

  private String fresh() {
    String name;
    do {
      name = "sequence." + names.size();
    } while (!names.add(name));
    return name;
  }
}
