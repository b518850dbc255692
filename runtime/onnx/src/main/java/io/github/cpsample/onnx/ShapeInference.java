package io.github.cpsample.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Infers element types and shapes of a graph's tensors as far as they follow from its inputs,
 * constants and declarations. Symbols are carried along; what cannot be told stays unknown.
 */
public final class ShapeInference {

  /** How the shape of a node's first output follows from its inputs; null for unknown. */
  @FunctionalInterface
  interface Rule {
    @Nullable Shape shape(Node node, TensorTypes known);
  }

  /** The first IR version whose initializers may be overridden by inputs of the same name. */
  private static final int OVERRIDABLE = 4;

  private static final Set<String> CONTRIBUTED_UNARY =
      Set.of("Gelu", "FastGelu", "QuickGelu", "BiasGelu");

  private static final Map<String, Rule> RULES = rules();

  private static final Set<String> OF_ONE_TYPE =
      Set.of(
          "Add",
          "Sub",
          "Mul",
          "Div",
          "Min",
          "Max",
          "Sum",
          "Mean",
          "PRelu",
          "Concat",
          "MatMul",
          "Gemm",
          "Conv",
          "ConvTranspose",
          "Equal",
          "Less",
          "Greater");

  private ShapeInference() {}

  /**
   * Infers what is known of a graph's tensors.
   *
   * @param model the model
   * @return types, shapes and constants by tensor
   * @throws MalformedModelException if a node's inputs and attributes contradict each other
   */
  public static TensorTypes infer(OnnxModel model) {
    TensorTypes known = new TensorTypes();
    Graph graph = model.graph();
    graph.inputs().forEach(known::declare);
    DeclaredSizes sizes = DeclaredSizes.of(graph);
    Stream.concat(graph.valueInfo().stream(), graph.outputs().stream())
        .filter(value -> known.type(value.name()).isEmpty())
        .forEach(value -> known.declare(sizes.trusted(value)));
    Set<String> inputs = new HashSet<>();
    if (model.irVersion() >= OVERRIDABLE) {
      graph.inputs().forEach(input -> inputs.add(input.name()));
    }
    graph
        .initializers()
        .forEach(
            (name, tensor) -> {
              if (!inputs.contains(name)) {
                known.define(name, tensor);
              }
            });
    graph.nodes().forEach(node -> extend(node, known));
    return known;
  }

  /**
   * Infers what is known of the outputs of one more node.
   *
   * @param node a node whose inputs have been inferred
   * @param known what is known; what follows is added
   * @throws MalformedModelException if its inputs and attributes contradict each other
   */
  public static void extend(Node node, TensorTypes known) {
    try {
      if (node.operator().equals("Constant") && node.domain().isEmpty()) {
        constantValue(node).ifPresent(tensor -> known.define(node.outputs().get(0), tensor));
        return;
      }
      requireOneType(node, known);
      addTypes(node, known);
      Rule rule =
          node.domain().isEmpty()
              ? RULES.get(node.operator())
              : isContributedUnary(node) ? RULES.get("Identity") : null;
      Shape shape = rule == null ? null : rule.shape(node, known);
      if (shape != null && !node.outputs().isEmpty()) {
        String output = node.outputs().get(0);
        known.put(output, null, merged(shape, known.shape(output).orElse(shape)));
      }
      if (node.operator().equals("Split")) {
        SelectionShapes.split(node, known);
      }
      if (node.operator().equals("If") && node.domain().isEmpty()) {
        NestedInference.extend(node, known);
      }
      IndexInference.extend(node, known);
    } catch (MalformedModelException e) {
      throw new MalformedModelException("node " + node + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException
        | IndexOutOfBoundsException
        | ArithmeticException
        | ClassCastException
        | NegativeArraySizeException
        | IllegalStateException
        | NoSuchElementException e) {
      throw new MalformedModelException(
          "node " + node + ": expected inputs and attributes that fit together, found " + e, e);
    }
  }

  /**
   * Infers what is known of the tensors of a branch, which has no inputs of its own.
   *
   * @param branch a graph whose names are not taken around it
   * @param known what is known around it; what follows is added
   * @throws MalformedModelException if a node's inputs and attributes contradict each other
   */
  public static void extend(Graph branch, TensorTypes known) {
    NestedInference.infer(branch, known);
  }

  /** Inferred sizes, and declared ones where nothing is inferred. */
  static Shape merged(Shape inferred, Shape declared) {
    if (inferred.rank() != declared.rank()) {
      return inferred;
    }
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < inferred.rank(); i++) {
      boolean open = !inferred.dim(i).isFixed() && declared.dim(i).isFixed();
      boolean unknown = inferred.dim(i).equals(Dim.unknown());
      dims.add(open || unknown ? declared.dim(i) : inferred.dim(i));
    }
    return new Shape(dims);
  }

  private static Optional<Tensor> constantValue(Node node) {
    for (Attribute attribute : node.attributes()) {
      switch (attribute.name()) {
        case "value" -> {
          return Optional.of((Tensor) attribute.value());
        }
        case "value_int" -> {
          return Optional.of(Tensor.of(new long[] {(Long) attribute.value()}));
        }
        case "value_float" -> {
          return Optional.of(Tensor.of(new float[] {(Float) attribute.value()}));
        }
        case "value_ints" -> {
          long[] values = node.ints("value_ints").orElseThrow();
          return Optional.of(Tensor.of(values, values.length));
        }
        default -> {}
      }
    }
    return Optional.empty();
  }

  private static void addTypes(Node node, TensorTypes known) {
    ElementType type = outputType(node, known);
    for (int i = 0; i < node.outputs().size(); i++) {
      String output = node.outputs().get(i);
      boolean indices = i == 1 && Set.of("MaxPool", "TopK").contains(node.operator());
      boolean mask = i == 1 && node.operator().equals("Dropout");
      if (!output.isEmpty() && known.type(output).isEmpty()) {
        boolean dynamic = i > 0 && node.operator().equals("DynamicQuantizeLinear");
        known.put(
            output,
            indices
                ? ElementType.INT64
                : mask ? ElementType.BOOL : dynamic && i == 1 ? ElementType.FLOAT : type,
            dynamic ? Shape.of() : null);
      }
    }
  }

  /** Whether it is an activation of ONNX Runtime's own domain. */
  private static boolean isContributedUnary(Node node) {
    return node.domain().equals("com.microsoft") && CONTRIBUTED_UNARY.contains(node.operator());
  }

  private static void requireOneType(Node node, TensorTypes known) {
    if (!node.domain().isEmpty() || !OF_ONE_TYPE.contains(node.operator())) {
      return;
    }
    ElementType first = null;
    for (String input : node.inputs()) {
      ElementType type = known.type(input).orElse(first);
      if (first != null && type != first) {
        throw new MalformedModelException(
            "expected inputs of one element type, found " + first + " and " + type);
      }
      first = type;
    }
  }

  private static @Nullable ElementType outputType(Node node, TensorTypes known) {
    if (!node.domain().isEmpty()) {
      return isContributedUnary(node) ? known.type(node.inputs().get(0)).orElse(null) : null;
    }
    return switch (node.operator()) {
      case "Shape", "Size", "NonZero", "ArgMax", "ArgMin", "NonMaxSuppression" -> ElementType.INT64;
      case "Equal",
          "Greater",
          "Less",
          "GreaterOrEqual",
          "LessOrEqual",
          "Not",
          "And",
          "Or",
          "Xor",
          "IsNaN",
          "IsInf" ->
          ElementType.BOOL;
      case "Cast" -> ElementType.of((int) node.integer("to", 0));
      case "ConstantOfShape" ->
          node.attribute("value").map(a -> ((Tensor) a.value()).type()).orElse(ElementType.FLOAT);
      case "EyeLike" ->
          node.attribute("dtype").isPresent()
              ? ElementType.of((int) node.integer("dtype", 0))
              : known.type(node.inputs().get(0)).orElse(null);
      case "CastLike", "Where" -> known.type(node.inputs().get(1)).orElse(null);
      case "OneHot" -> known.type(node.inputs().get(2)).orElse(null);
      case "QuantizeLinear" -> quantized(node, known);
      case "If", "Loop", "Scan", "SequenceAt" -> null;
      case "DynamicQuantizeLinear" -> ElementType.UINT8;
      case "ConvInteger", "MatMulInteger" -> ElementType.INT32;
      case "QLinearConv", "QLinearMatMul" ->
          node.hasInput(7) ? known.type(node.inputs().get(7)).orElse(null) : null;
      case "DequantizeLinear" -> known.type(node.inputs().get(1)).orElse(null);
      default -> node.inputs().isEmpty() ? null : known.type(node.inputs().get(0)).orElse(null);
    };
  }

  private static @Nullable ElementType quantized(Node node, TensorTypes known) {
    long code = node.integer("output_dtype", 0);
    if (code != 0) {
      return ElementType.of((int) code);
    }
    return node.hasInput(2) ? known.type(node.inputs().get(2)).orElse(null) : ElementType.UINT8;
  }

  private static Map<String, Rule> rules() {
    Map<String, Rule> rules = new HashMap<>();
    ElementwiseShapes.addTo(rules);
    ShapeRules.addTo(rules);
    SelectionShapes.addTo(rules);
    WindowShapes.addTo(rules);
    return Map.copyOf(rules);
  }

  /** Types and shapes of what an {@code If} gives: what both of its branches agree on. */
  private static final class NestedInference {

    private NestedInference() {}

    static void extend(Node node, TensorTypes known) {
      List<Graph> branches = node.subgraphs();
      List<TensorTypes> inner = new ArrayList<>();
      for (Graph branch : branches) {
        TensorTypes types = known.nested();
        infer(branch, types);
        inner.add(types);
      }
      for (int i = 0; i < node.outputs().size(); i++) {
        Shape common = null;
        for (int b = 0; b < branches.size(); b++) {
          String output = branches.get(b).outputs().get(i).name();
          Optional<Shape> shape = inner.get(b).shape(output);
          common = b == 0 ? shape.orElse(null) : common(common, shape.orElse(null));
        }
        ElementType type =
            inner.isEmpty()
                ? null
                : inner.get(0).type(branches.get(0).outputs().get(i).name()).orElse(null);
        String result = node.outputs().get(i);
        known.put(
            result,
            type,
            common == null
                ? null
                : ShapeInference.merged(common, known.shape(result).orElse(common)));
      }
    }

    private static @Nullable Shape common(@Nullable Shape a, @Nullable Shape b) {
      if (a == null || b == null || a.rank() != b.rank()) {
        return null;
      }
      List<Dim> dims = new ArrayList<>();
      for (int i = 0; i < a.rank(); i++) {
        dims.add(a.dim(i).certainlyEquals(b.dim(i)) ? a.dim(i) : Dim.unknown());
      }
      return new Shape(dims);
    }

    /** Adds what is known of the values of a graph without inputs of its own. */
    static void infer(Graph graph, TensorTypes known) {
      for (List<ValueInfo> values : List.of(graph.valueInfo(), graph.outputs())) {
        values.forEach(v -> known.put(v.name(), v.type(), null));
      }
      graph.initializers().forEach(known::define);
      graph.nodes().forEach(node -> ShapeInference.extend(node, known));
    }
  }
}
