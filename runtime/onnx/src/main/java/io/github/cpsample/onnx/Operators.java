package io.github.cpsample.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Writes operations of ONNX's own domain into a graph, in the form that its opset wants. Every
 * operation is checked when it is written, against {@link OperatorSchema}: all that write give
 * {@link IllegalArgumentException} if it has other inputs, outputs or attributes. Element types and
 * shapes are not checked; where several operands are named, they broadcast as ONNX says.
 *
 * @param <V> what stands for a tensor of the graph
 */
public interface Operators<V> {

  /**
   * The version of ONNX's operator set that the graph is written in.
   *
   * @return at least 1
   */
  int opset();

  /**
   * Adds a constant.
   *
   * @param tensor its values
   * @return the constant
   */
  V constant(Tensor tensor);

  /**
   * Adds an operation with several outputs.
   *
   * @param operator what it does, such as {@code Split}
   * @param operands its inputs
   * @param count how many outputs
   * @param attributes its attributes
   * @return its outputs
   */
  List<V> nodes(String operator, List<V> operands, int count, Attribute... attributes);

  /**
   * Adds an operation with one output.
   *
   * @param operator what it does
   * @param operands its inputs
   * @param attributes its attributes
   * @return its output
   */
  default V node(String operator, List<V> operands, Attribute... attributes) {
    return nodes(operator, operands, 1, attributes).get(0);
  }

  /**
   * An int64 vector.
   *
   * @param values its elements
   * @return the constant
   */
  default V integers(long... values) {
    return constant(Tensor.of(values, values.length));
  }

  /**
   * The sum of two tensors.
   *
   * @param a an operand
   * @param b the other operand
   * @return the result
   */
  default V add(V a, V b) {
    return node("Add", List.of(a, b));
  }

  /**
   * {@code a - b}.
   *
   * @param a an operand
   * @param b the other operand
   * @return the result
   */
  default V sub(V a, V b) {
    return node("Sub", List.of(a, b));
  }

  /**
   * The product of two tensors, element by element.
   *
   * @param a an operand
   * @param b the other operand
   * @return the result
   */
  default V mul(V a, V b) {
    return node("Mul", List.of(a, b));
  }

  /**
   * {@code a / b}; of integers, rounded towards 0.
   *
   * @param a an operand
   * @param b the other operand
   * @return the result
   */
  default V div(V a, V b) {
    return node("Div", List.of(a, b));
  }

  /**
   * The matrix product of the last two axes.
   *
   * @param a an operand
   * @param b the other operand
   * @return the result
   */
  default V matMul(V a, V b) {
    return node("MatMul", List.of(a, b));
  }

  /**
   * {@code -x}.
   *
   * @param x the operand
   * @return the result
   */
  default V neg(V x) {
    return node("Neg", List.of(x));
  }

  /**
   * {@code |x|}.
   *
   * @param x the operand
   * @return the result
   */
  default V abs(V x) {
    return node("Abs", List.of(x));
  }

  /**
   * {@code e^x}.
   *
   * @param x the operand
   * @return the result
   */
  default V exp(V x) {
    return node("Exp", List.of(x));
  }

  /**
   * The natural logarithm.
   *
   * @param x the operand
   * @return the result
   */
  default V log(V x) {
    return node("Log", List.of(x));
  }

  /**
   * The square root.
   *
   * @param x the operand
   * @return the result
   */
  default V sqrt(V x) {
    return node("Sqrt", List.of(x));
  }

  /**
   * {@code sin(x)}, x in radians.
   *
   * @param x the operand
   * @return the result
   */
  default V sin(V x) {
    return node("Sin", List.of(x));
  }

  /**
   * {@code cos(x)}, x in radians.
   *
   * @param x the operand
   * @return the result
   */
  default V cos(V x) {
    return node("Cos", List.of(x));
  }

  /**
   * The hyperbolic tangent.
   *
   * @param x the operand
   * @return the result
   */
  default V tanh(V x) {
    return node("Tanh", List.of(x));
  }

  /**
   * {@code 1 / (1 + e^-x)}.
   *
   * @param x the operand
   * @return the result
   */
  default V sigmoid(V x) {
    return node("Sigmoid", List.of(x));
  }

  /**
   * {@code max(x, 0)}.
   *
   * @param x the operand
   * @return the result
   */
  default V relu(V x) {
    return node("Relu", List.of(x));
  }

  /**
   * {@code x / (1 + e^-x)}.
   *
   * @param x the operand
   * @return the result
   */
  default V silu(V x) {
    return mul(x, sigmoid(x));
  }

  /**
   * The largest integer that is not larger.
   *
   * @param x the operand
   * @return the result
   */
  default V floor(V x) {
    return node("Floor", List.of(x));
  }

  /**
   * The smaller of two, element by element.
   *
   * @param a an operand
   * @param b the other operand
   * @return the result
   */
  default V min(V a, V b) {
    return node("Min", List.of(a, b));
  }

  /**
   * The larger of two, element by element.
   *
   * @param a an operand
   * @param b the other operand
   * @return the result
   */
  default V max(V a, V b) {
    return node("Max", List.of(a, b));
  }

  /**
   * Whether {@code a < b}.
   *
   * @param a an operand
   * @param b the other operand
   * @return truths
   */
  default V less(V a, V b) {
    return node("Less", List.of(a, b));
  }

  /**
   * Whether {@code a > b}.
   *
   * @param a an operand
   * @param b the other operand
   * @return truths
   */
  default V greater(V a, V b) {
    return node("Greater", List.of(a, b));
  }

  /**
   * Whether {@code a = b}.
   *
   * @param a an operand
   * @param b the other operand
   * @return truths
   */
  default V equal(V a, V b) {
    return node("Equal", List.of(a, b));
  }

  /**
   * Whether a truth does not hold.
   *
   * @param a truths
   * @return truths
   */
  default V not(V a) {
    return node("Not", List.of(a));
  }

  /**
   * Whether both truths hold.
   *
   * @param a truths
   * @param b other truths
   * @return truths
   */
  default V and(V a, V b) {
    return node("And", List.of(a, b));
  }

  /**
   * Whether one of two truths holds, or both.
   *
   * @param a truths
   * @param b other truths
   * @return truths
   */
  default V or(V a, V b) {
    return node("Or", List.of(a, b));
  }

  /**
   * One value where a condition holds, another elsewhere.
   *
   * @param condition truths
   * @param yes what is taken where it holds
   * @param no what is taken elsewhere
   * @return the result
   */
  default V where(V condition, V yes, V no) {
    return node("Where", List.of(condition, yes, no));
  }

  /**
   * The elements as another type.
   *
   * @param x the operand
   * @param type of the result
   * @return the result
   */
  default V cast(V x, ElementType type) {
    return node("Cast", List.of(x), Attribute.integer("to", type.code()));
  }

  /**
   * The sizes of a tensor, int64 [rank].
   *
   * @param x any tensor
   * @return the result
   */
  default V shapeOf(V x) {
    return node("Shape", List.of(x));
  }

  /**
   * A tensor broadcast to sizes, int64 [rank].
   *
   * @param x the operand
   * @param sizes int64 [rank]
   * @return the result
   */
  default V expand(V x, V sizes) {
    return node("Expand", List.of(x, sizes));
  }

  /**
   * The elements, row-major, in other sizes.
   *
   * @param x the operand
   * @param sizes int64 [rank]; 0 copies the size of the same axis, one may be -1, which is computed
   * @return the result
   */
  default V reshape(V x, V sizes) {
    return node("Reshape", List.of(x, sizes));
  }

  /**
   * {@link #reshape(Object, Object)} to sizes that are known.
   *
   * @param x the operand
   * @param sizes the sizes
   * @return the result
   */
  default V reshape(V x, long... sizes) {
    return reshape(x, integers(sizes));
  }

  /**
   * The slices along the first axis that int64 indices name, whose axes come instead of it.
   *
   * @param x the operand
   * @param indices int64
   * @return the result
   */
  default V gather(V x, V indices) {
    return node("Gather", List.of(x, indices));
  }

  /**
   * The slices along an axis that int64 indices name, whose axes come instead of it.
   *
   * @param x the operand
   * @param indices int64
   * @param axis from 0, or from the last one, which is -1
   * @return the result
   */
  default V gather(V x, V indices, long axis) {
    return node("Gather", List.of(x, indices), Attribute.integer("axis", axis));
  }

  /**
   * The slices that the last axis of int64 indices names.
   *
   * @param x the operand
   * @param indices int64
   * @return the result
   */
  default V gatherNd(V x, V indices) {
    return node("GatherND", List.of(x, indices));
  }

  /**
   * Tensors one behind the other along an axis; a single one is given as it is.
   *
   * @param parts at least one
   * @param axis from 0, or from the last one, which is -1
   * @return the result
   */
  default V concat(List<V> parts, long axis) {
    return parts.size() == 1
        ? parts.get(0)
        : node("Concat", parts, Attribute.integer("axis", axis));
  }

  /**
   * A tensor in equal or other parts along an axis.
   *
   * @param x the operand
   * @param axis from 0, or from the last one, which is -1
   * @param sizes the parts' sizes
   * @return the parts
   */
  default List<V> split(V x, long axis, long... sizes) {
    Attribute along = Attribute.integer("axis", axis);
    return opset() < 13
        ? nodes("Split", List.of(x), sizes.length, along, Attribute.ints("split", sizes))
        : nodes("Split", List.of(x, integers(sizes)), sizes.length, along);
  }

  /**
   * With axes of size 1 where the result is to have them.
   *
   * @param x the operand
   * @param axes from 0, or from the last one, which is -1
   * @return the result
   */
  default V unsqueeze(V x, long... axes) {
    return overAxes("Unsqueeze", 13, x, axes);
  }

  /**
   * Without some axes of size 1.
   *
   * @param x the operand
   * @param axes from 0, or from the last one, which is -1
   * @return the result
   */
  default V squeeze(V x, long... axes) {
    return overAxes("Squeeze", 13, x, axes);
  }

  /**
   * A reduction over some axes; the tensor as it is where there are none.
   *
   * @param operator such as {@code ReduceSum}
   * @param x the operand
   * @param keep whether the axes stay, with size 1
   * @param axes from 0, or from the last one, which is -1
   * @return the result
   */
  default V reduce(String operator, V x, boolean keep, long... axes) {
    int asInput = operator.equals("ReduceSum") ? 13 : 18;
    return axes.length == 0
        ? x
        : overAxes(operator, asInput, x, axes, Attribute.integer("keepdims", keep ? 1 : 0));
  }

  /**
   * The axes in another order; the tensor as it is where that is the order it has.
   *
   * @param x the operand
   * @param order which axis of the operand each axis of the result is
   * @return the result
   */
  default V transpose(V x, long... order) {
    boolean same = LongStream.range(0, order.length).allMatch(i -> order[(int) i] == i);
    return same ? x : node("Transpose", List.of(x), Attribute.ints("perm", order));
  }

  /**
   * Non-negative numbers that sum up to 1 along an axis; before opset 13, along all axes from that
   * one on.
   *
   * @param x the operand
   * @param axis from 0, or from the last one, which is -1
   * @return the result
   */
  default V softmax(V x, long axis) {
    return node("Softmax", List.of(x), Attribute.integer("axis", axis));
  }

  /**
   * A convolution of images with an equal stride along both axes, and equal pads at all edges.
   *
   * @param operands images [N,C,H,W], weights [out,C,height,width], and perhaps a bias [out]
   * @param stride of the window
   * @param pad zeros at each edge
   * @return the result
   */
  default V conv(List<V> operands, long stride, long pad) {
    return node(
        "Conv",
        operands,
        Attribute.ints("strides", stride, stride),
        Attribute.ints("pads", pad, pad, pad, pad));
  }

  /**
   * Every sample's channels with mean 0 and variance 1, then scaled and shifted.
   *
   * @param x [N,C,...]
   * @param scale [C]
   * @param shift [C]
   * @param epsilon added to the variance
   * @return the result
   */
  default V instanceNorm(V x, V scale, V shift, float epsilon) {
    return node(
        "InstanceNormalization", List.of(x, scale, shift), Attribute.decimal("epsilon", epsilon));
  }

  /**
   * Pixels repeated.
   *
   * @param x the operand
   * @param regions an empty float32 vector, which an opset from 11 to 12 asks for
   * @param factors how often along every axis, float32 [rank]
   * @return the result
   */
  default V repeatPixels(V x, V regions, V factors) {
    return node(
        "Resize",
        List.of(x, regions, factors),
        Attribute.string("mode", "nearest"),
        Attribute.string("coordinate_transformation_mode", "asymmetric"),
        Attribute.string("nearest_mode", "floor"));
  }

  private V overAxes(String operator, int asInput, V x, long[] axes, Attribute... others) {
    if (opset() >= asInput) {
      return node(operator, List.of(x, integers(axes)), others);
    }
    Attribute[] attributes = Arrays.copyOf(others, others.length + 1);
    attributes[others.length] = Attribute.ints("axes", axes);
    return node(operator, List.of(x), attributes);
  }
}
