package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OperatorSchema;
import io.github.cpsample.onnx.Operators;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.ShapeInference;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.TensorTypes;
import io.github.cpsample.onnx.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * What rules emit, in the form that the model's opset wants. Emitted shapes are inferred like those
 * of the model itself.
 */
final class Emitter implements Operators<String> {

  private final Appender appender;
  private final TensorTypes known;
  private final int opset;
  private final boolean straightThrough;

  Emitter(OnnxModel model, TensorTypes known, boolean straightThrough) {
    this(new Appender(model.graph(), known), known, model.opset(), straightThrough);
  }

  private Emitter(Appender appender, TensorTypes known, int opset, boolean straightThrough) {
    this.appender = appender;
    this.known = known;
    this.opset = opset;
    this.straightThrough = straightThrough;
  }

  /** Emits into a copy of a branch, a graph inside the graph that this emits into. */
  Scope scope(Graph branch) {
    String prefix = appender.branchPrefix();
    Graph copy = Scope.renamed(branch, prefix);
    ShapeInference.extend(copy, known);
    return new Scope(
        copy, new Emitter(appender.inside(copy, prefix), known, opset, straightThrough), known);
  }

  /** Which of the values of some nodes lie between some values and some others. */
  Activity activity(List<Node> nodes, List<String> inputs, List<String> outputs) {
    return Activity.of(nodes, opset, known, inputs, outputs, straightThrough);
  }

  /** Whether rounding counts as the identity, see {@link StraightThrough}. */
  boolean isStraightThrough() {
    return straightThrough;
  }

  /** Lets a value have type and shape of another. */
  void declareLike(String value, String like) {
    known.declare(new ValueInfo(value, type(like), shape(like)));
  }

  @Override
  public int opset() {
    return opset;
  }

  Appender appender() {
    return appender;
  }

  Optional<Shape> shape(String value) {
    return known.shape(value);
  }

  Optional<Tensor> constantValue(String value) {
    return known.constant(value);
  }

  /** Whether a value certainly has elements; one whose sizes are not known may have none. */
  boolean hasElements(String value) {
    return shape(value)
        .filter(known -> known.dims().stream().allMatch(dim -> dim.size() > 0))
        .isPresent();
  }

  /** Whether a value certainly has no elements. */
  boolean isEmpty(String value) {
    return shape(value)
        .filter(known -> known.dims().stream().anyMatch(dim -> dim.size() == 0))
        .isPresent();
  }

  /** The elements of an integer tensor that does not depend on the inputs. */
  Optional<long[]> integersOf(String value) {
    return known.integers(value);
  }

  ElementType type(String value) {
    return known
        .type(value)
        .orElseThrow(
            () -> new IllegalStateException("value " + value + " has no known element type"));
  }

  /** Whether a value is known not to be floating point. */
  boolean isInteger(String value) {
    return known.type(value).filter(type -> !type.isFloatingPoint()).isPresent();
  }

  String node(String operator, String... inputs) {
    return node(operator, List.of(inputs));
  }

  @Override
  public List<String> nodes(
      String operator, List<String> inputs, int count, Attribute... attributes) {
    OperatorSchema.of(operator, opset).check(inputs.size(), count, List.of(attributes));
    return appender.append(operator, inputs, count, attributes);
  }

  /** An output of a node that nothing used so far. */
  String furtherOutput(Node node, int index, ElementType type) {
    return appender.furtherOutput(node, index, type);
  }

  @Override
  public String constant(Tensor tensor) {
    return appender.constant(tensor);
  }

  @Override
  public String integers(long... values) {
    return appender.shared("int" + Arrays.toString(values), () -> Tensor.of(values, values.length));
  }

  /** A scalar of the element type of another value. */
  String scalar(double value, String like) {
    return constant(like, "scalar " + value, new double[] {value});
  }

  /** A tensor of equal elements, of the element type of another value. */
  String filled(double value, String like, long... sizes) {
    double[] values = new double[elements(sizes)];
    Arrays.fill(values, value);
    return constant(like, "filled " + value + Arrays.toString(sizes), values, sizes);
  }

  private static int elements(long... sizes) {
    long count = LongStream.of(sizes).reduce(1, Math::multiplyExact);
    if (count > Appender.LARGEST_CONSTANT) {
      throw new IllegalStateException(
          "a helper tensor of sizes " + Arrays.toString(sizes) + " would be too large");
    }
    return (int) count;
  }

  /** A shared constant of the element type of another value. */
  String constant(String like, String key, double[] values, long... sizes) {
    ElementType type = type(like);
    if (type == ElementType.DOUBLE) {
      return appender.shared("double " + key, () -> Tensor.of(values, sizes));
    }
    String floats =
        appender.shared("float " + key, () -> Tensor.of(Constants.floats(values), sizes));
    return type == ElementType.FLOAT ? floats : cast(floats, type);
  }

  String scale(String value, double factor, String like) {
    return factor == 1 ? value : mul(value, scalar(factor, like));
  }

  /**
   * Where two values are equal; in other words before opset 11, for floating point values, and from
   * 19 on, which ONNX Runtime's CUDA provider does not implement.
   */
  @Override
  public String equal(String a, String b) {
    return opset >= 11 && opset < 19
        ? Operators.super.equal(a, b)
        : not(or(less(a, b), greater(a, b)));
  }

  /** The value where a condition holds, and 0 elsewhere. */
  String where(String condition, String value) {
    return opset >= 9
        ? where(condition, value, scalar(0, value))
        : mul(value, cast(condition, type(value)));
  }

  /** One value where a condition holds, another elsewhere. */
  @Override
  public String where(String condition, String yes, String no) {
    return opset >= 9
        ? Operators.super.where(condition, yes, no)
        : add(where(condition, yes), where(not(condition), no));
  }

  /**
   * As ONNX Runtime takes it where an axis that is copied turns out to be 0: no size may be
   * computed beside it.
   */
  @Override
  public String reshape(String value, long... sizes) {
    int computed = LongStream.of(sizes).boxed().toList().indexOf(-1L);
    int copied = (int) LongStream.of(sizes).takeWhile(size -> size == 0).count();
    boolean isWhole = LongStream.of(sizes).skip(copied).noneMatch(size -> size == 0);
    Optional<Shape> shape = shape(value).filter(known -> known.rank() >= copied);
    if (copied == 0 || computed < 0 || !isWhole || shape.isEmpty() || hasElements(value)) {
      return Operators.super.reshape(value, sizes);
    }
    long given = LongStream.of(sizes).filter(size -> size > 0).reduce(1, (a, b) -> a * b);
    List<Dim> left = shape.get().dims().subList(copied, shape.get().rank());
    long[] full = sizes.clone();
    if (left.stream().allMatch(Dim::isFixed)) {
      full[computed] = left.stream().mapToLong(Dim::size).reduce(1, (a, b) -> a * b) / given;
      return Operators.super.reshape(value, full);
    }
    if (opset < 14) {
      return Operators.super.reshape(value, sizes);
    }
    String rest = slice(shapeOf(value), 0, integers(copied), integers(shape.get().rank()));
    full[computed] = given;
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < full.length; i++) {
      parts.add(
          i < copied
              ? size(value, i)
              : i == computed
                  ? quotient(reduce("ReduceProd", rest, true, 0), given)
                  : integers(full[i]));
    }
    return reshapeExactly(value, concat(parts, 0));
  }

  private String quotient(String integers, long divisor) {
    return divisor == 1 ? integers : div(integers, integers(divisor));
  }

  /** Gives a value the shape of another, which has equally many elements. */
  String reshapeLike(String value, String like) {
    Optional<Shape> from = known.shape(value);
    Optional<Shape> to = known.shape(like);
    if (from.isPresent() && from.equals(to)) {
      return value;
    }
    Optional<long[]> form =
        to.flatMap(shape -> ReshapeForm.of(from, shape))
            .filter(sizes -> opset < 14 || hasElements(value) || !ReshapeForm.isMixed(sizes));
    return form.isPresent()
        ? Operators.super.reshape(value, form.get())
        : reshapeExactly(value, shapeOf(like));
  }

  /**
   * What nodes give, or zeros where a value that they read turns out to have no elements.
   *
   * @param value may have none
   * @param like has the shape of what they give
   * @param nodes emits them
   */
  String unlessEmpty(String value, String like, Function<Emitter, String> nodes) {
    if (hasElements(value)) {
      return nodes.apply(this);
    }
    String some = greater(node("Size", value), constant(Tensor.of(new long[] {0})));
    List<Attribute> branches =
        List.of(
            branch("then_branch", like, nodes),
            branch("else_branch", like, inner -> inner.zerosLike(like)));
    String result = nodes("If", List.of(some), 1, branches.toArray(Attribute[]::new)).get(0);
    declareLike(result, like);
    return result;
  }

  private Attribute branch(String name, String like, Function<Emitter, String> nodes) {
    Scope scope = scope(new Graph(name, List.of(), List.of(), List.of(), Map.of(), List.of()));
    String result = scope.emitter().appender().result();
    scope.emitter().appender().name(nodes.apply(scope.emitter()), result);
    return Attribute.graph(
        name, scope.with(List.of(new ValueInfo(result, type(like), Optional.empty()))));
  }

  /** Gives a value sizes that are only known when the graph runs; some may be 0. */
  String reshapeExactly(String value, String sizes) {
    return opset >= 14
        ? node("Reshape", List.of(value, sizes), Attribute.integer("allowzero", 1))
        : reshape(value, sizes);
  }

  /** The shape of a value as an int64 tensor without open sizes, as Expand wants it. */
  String fullShapeOf(String value) {
    Optional<Shape> shape = known.shape(value).filter(Shape::isFixed);
    return shape.isPresent() ? integers(shape.get().sizes()) : shapeOf(value);
  }

  /** The size of one axis as an int64 tensor of one element. */
  String size(String value, int axis) {
    Optional<Shape> shape = known.shape(value).filter(s -> s.dim(axis).isFixed());
    return shape.isPresent()
        ? integers(shape.get().dim(axis).size())
        : gather(shapeOf(value), integers(axis));
  }

  String zerosLike(String value) {
    return expand(scalar(0, value), fullShapeOf(value));
  }

  /** Puts values where indices along an axis say; an index may not occur twice. */
  String scatter(String data, String indices, String values, int axis) {
    if (opset < 9) {
      throw new NewerOpsetNeeded(9, "putting values at indices");
    }
    return node(
        opset < 11 ? "Scatter" : "ScatterElements",
        List.of(data, indices, values),
        Attribute.integer("axis", axis));
  }

  /** Adds values to what is there, where indices along an axis say. */
  String scatterSum(String data, String indices, String values, int axis) {
    if (opset < 16) {
      throw new NewerOpsetNeeded(16, "adding at indices that are only known when the graph runs");
    }
    return node(
        "ScatterElements",
        List.of(data, indices, values),
        Attribute.integer("axis", axis),
        Attribute.string("reduction", "add"));
  }

  /** Puts zeros around a value, or takes edges away where a pad is negative. */
  String pad(String value, long... pads) {
    return new ZeroPadding(this).around(value, pads);
  }

  /** The larger of an integer and 0; integers have no maximum before opset 12. */
  String atLeastZero(String integers) {
    return opset >= 12
        ? max(integers, integers(0))
        : cast(relu(cast(integers, ElementType.FLOAT)), ElementType.INT64);
  }

  /** The elements from start (inclusive) to end (exclusive) of one axis. */
  String slice(String value, int axis, String start, String end) {
    if (opset >= 10) {
      return node("Slice", value, start, end, integers(axis));
    }
    boolean fromStart = integersOf(start).filter(s -> s[0] == 0).isPresent();
    if (opset == 9 && fromStart && integersOf(end).isEmpty()) {
      // slices have no computed bounds yet: gather the indices 0 ... end - 1
      Attribute one = Attribute.tensor("value", Tensor.of(new long[] {1}, 1));
      String indices = node("NonZero", node("ConstantOfShape", List.of(end), one));
      return gather(value, reshape(indices, -1), axis);
    }
    return node(
        "Slice",
        List.of(value),
        Attribute.ints("starts", old(start)),
        Attribute.ints("ends", old(end)),
        Attribute.ints("axes", axis));
  }

  private long[] old(String bound) {
    return integersOf(bound)
        .orElseThrow(
            () -> new NewerOpsetNeeded(10, "a piece whose size is only known when the graph runs"));
  }

  /**
   * The sizes that Reshape is given where they are constant: 0 copies a size from the same axis, -1
   * is computed. Copying is preferred: then a runtime, too, can tell that a size has not changed,
   * and ONNX Runtime keeps images of equal sizes in its blocked layout.
   */
  private static final class ReshapeForm {

    private ReshapeForm() {}

    /** Whether sizes are computed beside others that are copied, which may be 0. */
    static boolean isMixed(long... form) {
      return LongStream.of(form).anyMatch(size -> size == 0)
          && LongStream.of(form).anyMatch(size -> size < 0);
    }

    /**
     * The sizes to give.
     *
     * @param from the shape of what is reshaped, if known
     * @param to the shape wanted
     * @return empty where several sizes would have to be computed
     */
    static Optional<long[]> of(Optional<Shape> from, Shape to) {
      long[] form = new long[to.rank()];
      for (int i = 0; i < form.length; i++) {
        int axis = i;
        Dim size = to.dim(i);
        boolean copied =
            from.filter(shape -> axis < shape.rank() && size.certainlyEquals(shape.dim(axis)))
                .isPresent();
        form[i] = size.isFixed() ? size.size() : copied ? 0 : -1;
      }
      boolean empty = to.dims().stream().anyMatch(dim -> dim.size() == 0);
      boolean open = LongStream.of(form).filter(size -> size < 0).count() > 1;
      return empty || open ? Optional.empty() : Optional.of(form);
    }
  }
}
