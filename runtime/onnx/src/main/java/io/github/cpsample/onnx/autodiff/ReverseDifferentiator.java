package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.DeclaredSizes;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.MalformedModelException;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.ShapeInference;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.TensorTypes;
import io.github.cpsample.onnx.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Derives from an ONNX graph another graph that also computes vector-Jacobian products.
 *
 * <p>The derived graph has the same inputs plus, for every differentiated output, the cotangent
 * {@code seed/<output>} (same shape as the output); the same outputs plus, for every input
 * differentiated with respect to, {@code grad/<input>} (same shape as the input): the gradient of
 * sum(seed * output). It keeps names and metadata, and runs on whatever runs the original.
 *
 * <p>Immutable and thread-safe: every method returns a changed copy.
 */
public final class ReverseDifferentiator {

  /** The first opset that has {@code Expand}, without which hardly a gradient can be written. */
  private static final int OLDEST_WRITTEN = 8;

  private static final int MOST_NAMED = 30;
  private static final String SEED = "seed/";
  private static final String GRADIENT = "grad/";

  private final OnnxModel model;
  private final Set<String> taken;
  private final List<String> outputs;
  private final List<String> inputs;
  private final boolean straightThrough;

  private ReverseDifferentiator(
      OnnxModel model, List<String> outputs, List<String> inputs, boolean straightThrough) {
    this.model = model;
    this.taken = names(model);
    this.outputs = List.copyOf(outputs);
    this.inputs = List.copyOf(inputs);
    this.straightThrough = straightThrough;
  }

  /**
   * Differentiates all floating point outputs with respect to all floating point inputs, unless
   * told otherwise.
   *
   * @param model the model, not modified
   * @return a differentiator
   */
  public static ReverseDifferentiator of(OnnxModel model) {
    return new ReverseDifferentiator(
        model, floats(model.graph().outputs()), floats(model.graph().requiredInputs()), false);
  }

  private static List<String> floats(List<ValueInfo> values) {
    return values.stream().filter(v -> v.type().isFloatingPoint()).map(ValueInfo::name).toList();
  }

  /**
   * Names the cotangent input of an output.
   *
   * @param output the output's name
   * @return the input's name
   */
  public static String seedOf(String output) {
    return SEED + output;
  }

  /**
   * Names the gradient of an input.
   *
   * @param input the input's name
   * @return the output's name
   */
  public static String gradientOf(String input) {
    return GRADIENT + input;
  }

  /**
   * Chooses the outputs to differentiate.
   *
   * @param names names of floating point outputs
   * @return a changed copy
   */
  public ReverseDifferentiator outputs(String... names) {
    return new ReverseDifferentiator(
        model, chosen("output", floats(model.graph().outputs()), names), inputs, straightThrough);
  }

  /**
   * Chooses what to differentiate with respect to: inputs, or values that nodes give, such as the
   * output of an embedding where a model has no floating point inputs.
   *
   * @param names names of floating point inputs or intermediate values
   * @return a changed copy
   */
  public ReverseDifferentiator withRespectTo(String... names) {
    List<String> available = floats(model.graph().requiredInputs());
    boolean inputsOnly = Set.copyOf(available).containsAll(List.of(names));
    return new ReverseDifferentiator(
        model,
        outputs,
        inputsOnly ? List.of(names) : chosen("input or value", values(), names),
        straightThrough);
  }

  /**
   * Lets gradients pass where a quantised model rounds, as if it did not: the straight-through
   * estimator. What is clipped to the range of the integers gets 0; scales and zero points that are
   * computed from the values count as constants. Such models are refused otherwise.
   *
   * @return a changed copy
   */
  public ReverseDifferentiator straightThrough() {
    return new ReverseDifferentiator(model, outputs, inputs, true);
  }

  /** The floating point inputs, and what nodes give that is floating point. */
  private List<String> values() {
    TensorTypes known = ShapeInference.infer(model);
    return Stream.concat(
            floats(model.graph().requiredInputs()).stream(),
            model.graph().nodes().stream()
                .flatMap(node -> node.outputs().stream())
                .filter(name -> known.type(name).map(ElementType::isFloatingPoint).orElse(false)))
        .toList();
  }

  private static List<String> chosen(String what, List<String> available, String... names) {
    Set<String> floats = Set.copyOf(available);
    for (String name : names) {
      if (!floats.contains(name)) {
        throw new IllegalArgumentException(
            "Differentiation: expected a floating point "
                + what
                + " of the model, one of "
                + (available.size() > MOST_NAMED
                    ? available.subList(0, MOST_NAMED) + " and others"
                    : available)
                + ", found "
                + name);
      }
    }
    return Arrays.stream(names).distinct().toList();
  }

  /**
   * Derives the graph, in the model's own opset where that has the operators needed, else in the
   * first that has them.
   *
   * @return the derived model
   * @throws UnsupportedOperatorException if an operation on the way has no derivative here
   * @throws MalformedModelException if the model contradicts itself, or is so old that its
   *     operators have no counterpart
   */
  public OnnxModel differentiate() {
    if (model.opset() < 1) {
      throw new MalformedModelException(
          "Model: expected opset 1 or later, found " + model.opset() + "; export it again");
    }
    return with(KnownSequences.writtenOut(model)).inSomeOpset();
  }

  private OnnxModel inSomeOpset() {
    if (model.opset() < OLDEST_WRITTEN) {
      return with(inOldestWritten()).inSomeOpset();
    }
    try {
      return derive();
    } catch (NewerOpsetNeeded needed) {
      return raised(needed).inSomeOpset();
    }
  }

  private ReverseDifferentiator with(OnnxModel newer) {
    return new ReverseDifferentiator(newer, outputs, inputs, straightThrough);
  }

  private OnnxModel inOldestWritten() {
    try {
      return OpsetUpgrade.of(model, OLDEST_WRITTEN);
    } catch (IllegalStateException e) {
      throw new MalformedModelException(
          "Model of opset "
              + model.opset()
              + ": expected operators that opset "
              + OLDEST_WRITTEN
              + " has too, found that "
              + e.getMessage()
              + "; export it again in a newer one",
          e);
    }
  }

  private ReverseDifferentiator raised(NewerOpsetNeeded needed) {
    try {
      return with(OpsetUpgrade.of(model, needed.opset()));
    } catch (IllegalStateException e) {
      UnsupportedOperatorException refusal = needed.refusal();
      refusal.addSuppressed(e);
      throw refusal;
    }
  }

  private OnnxModel derive() {
    requireSomethingToDo();
    TensorTypes known = ShapeInference.infer(model);
    Activity activity =
        Activity.of(model.graph().nodes(), model.opset(), known, inputs, outputs, straightThrough);
    for (Node node : model.graph().nodes()) {
      if (node.outputs().stream().anyMatch(activity::isActive)) {
        RuleTable.rule(node, model.opset(), straightThrough);
      }
    }
    Emitter emitter = new Emitter(model, known, straightThrough);
    BackwardPass backward = new BackwardPass(activity, emitter);
    Set<String> chosen = Set.copyOf(outputs);
    for (ValueInfo output : model.graph().outputs()) {
      if (chosen.contains(output.name())) {
        known.declare(
            new ValueInfo(seedFor(output.name()), output.type(), known.shape(output.name())));
        backward.receive(output.name(), seedFor(output.name()));
      }
    }
    backward.pass(model.graph().nodes());
    inputs.forEach(i -> emitter.appender().name(backward.cotangent(i), gradientFor(i)));
    return derived(emitter, known);
  }

  private void requireSomethingToDo() {
    if (outputs.isEmpty()) {
      throw new MalformedModelException(
          "Model: expected a floating point output to differentiate, found none among "
              + names(model.graph().outputs()));
    }
    if (inputs.isEmpty()) {
      List<String> values = values();
      throw new MalformedModelException(
          "Model: expected a floating point input to differentiate with respect to, found none"
              + " among "
              + names(model.graph().requiredInputs())
              + "; name the value to differentiate with respect to, such as what an embedding gives"
              + (values.isEmpty() ? "" : " (the first is " + values.get(0) + ")"));
    }
  }

  private static List<String> names(List<ValueInfo> values) {
    return values.stream().map(ValueInfo::name).toList();
  }

  /**
   * The name of the cotangent of an output in the derived model: {@link #seedOf}, or one with a
   * number where a model that was derived before has a value of that name.
   *
   * @param output the output's name
   * @return the input's name
   */
  public String seedFor(String output) {
    return free(SEED, output);
  }

  /**
   * The name of a gradient in the derived model: {@link #gradientOf}, or one with a number where a
   * model that was derived before has a value of that name.
   *
   * @param input the input's name, or the value's
   * @return the output's name
   */
  public String gradientFor(String input) {
    return free(GRADIENT, input);
  }

  private String free(String prefix, String name) {
    String candidate = prefix + name;
    for (int i = 2; taken.contains(candidate); i++) {
      candidate = prefix.replace("/", i + "/") + name;
    }
    return candidate;
  }

  /** The names of all values that the model has. */
  private static Set<String> names(OnnxModel model) {
    Graph graph = model.graph();
    Set<String> names = new HashSet<>(names(graph.inputs()));
    names.addAll(graph.initializers().keySet());
    graph.nodes().forEach(node -> names.addAll(node.outputs()));
    return names;
  }

  private OnnxModel derived(Emitter emitter, TensorTypes known) {
    Graph graph = model.graph();
    Map<String, ValueInfo> declared = new HashMap<>();
    graph.inputs().forEach(v -> declared.put(v.name(), v));
    List<ValueInfo> allInputs = new ArrayList<>(graph.inputs());
    DeclaredSizes sizes = DeclaredSizes.of(graph);
    List<ValueInfo> allOutputs =
        new ArrayList<>(graph.outputs().stream().map(sizes::trusted).toList());
    Set<String> chosen = Set.copyOf(outputs);
    for (ValueInfo output : graph.outputs()) {
      if (chosen.contains(output.name())) {
        ValueInfo seed = new ValueInfo(seedFor(output.name()), output.type(), output.shape());
        allInputs.add(sizes.trusted(seed));
      }
    }
    for (String input : inputs) {
      ValueInfo value = declared.get(input);
      allOutputs.add(
          value == null
              ? new ValueInfo(gradientFor(input), known.type(input).orElseThrow(), Optional.empty())
              : new ValueInfo(gradientFor(input), value.type(), value.shape()));
    }
    Appender appended = emitter.appender();
    List<Node> nodes = new ArrayList<>(appended.forward());
    nodes.addAll(appended.nodes());
    Map<String, Tensor> constants = new LinkedHashMap<>(graph.initializers());
    constants.putAll(appended.constants());
    return model.withGraph(
        DeadNodes.remove(
            new Graph(
                graph.name(),
                allInputs,
                allOutputs,
                nodes,
                constants,
                graph.valueInfo().stream().map(sizes::trusted).toList(),
                graph.notes())));
  }
}
