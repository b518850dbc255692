package io.github.cpsample.composition;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.Operators;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.protection.Certainty.Arithmetic;
import java.util.List;

/** Arithmetic of one graph that is being built; that of protection is in float64. */
final class Nodes implements Operators<Value>, Arithmetic<Value> {

  private final GraphBuilder graph;

  Nodes(GraphBuilder graph) {
    this.graph = graph;
  }

  GraphBuilder graph() {
    return graph;
  }

  @Override
  public int opset() {
    return graph.opset();
  }

  @Override
  public Value constant(Tensor tensor) {
    return graph.constant(tensor);
  }

  @Override
  public List<Value> nodes(
      String operator, List<Value> operands, int count, Attribute... attributes) {
    return graph.nodes(operator, operands, count, attributes);
  }

  /** A float64 scalar. */
  @Override
  public Value number(double value) {
    return constant(Tensor.of(new double[] {value}));
  }

  /** An int64 scalar. */
  Value index(long value) {
    return constant(Tensor.of(new long[] {value}));
  }

  /** A bool vector, one byte per element in ONNX. */
  Value flags(boolean... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return constant(Tensor.ofBytes(ElementType.BOOL, bytes, values.length));
  }

  /** A tensor of a shape that is known at run time only. */
  Value filled(Value shape, Tensor element) {
    return node("ConstantOfShape", List.of(shape), Attribute.tensor("value", element));
  }

  /** The number of rows, as an int64 vector of one element. */
  Value rows(Value value) {
    return gather(shapeOf(value), integers(0));
  }

  /**
   * {@code log(1 + e)} in float64 for {@code e > -1}. ONNX has no such operator; the product with
   * {@code e / (w - 1)} takes out the rounding of {@code w = 1 + e} (Kahan; see Goldberg 1991,
   * theorem 4).
   */
  @Override
  public Value log1p(Value e) {
    Value w = add(e, number(1));
    Value lost = div(e, sub(w, number(1)));
    return where(equal(w, number(1)), e, mul(log(w), lost));
  }

  @Override
  public Value plus(Value a, Value b) {
    return add(a, b);
  }

  @Override
  public Value times(Value a, Value b) {
    return mul(a, b);
  }

  @Override
  public Value over(Value a, Value b) {
    return div(a, b);
  }

  @Override
  public Value minus(Value a) {
    return neg(a);
  }

  @Override
  public Value magnitude(Value a) {
    return abs(a);
  }

  @Override
  public Value exp(Value a) {
    return Operators.super.exp(a);
  }

  @Override
  public Value atMost(Value a, Value b) {
    return node("LessOrEqual", List.of(a, b));
  }

  @Override
  public Value not(Value a) {
    return Operators.super.not(a);
  }

  @Override
  public Value or(Value a, Value b) {
    return Operators.super.or(a, b);
  }

  @Override
  public Value choose(Value truth, Value a, Value b) {
    return where(truth, a, b);
  }

  Value wide(Value value) {
    return cast(value, ElementType.DOUBLE);
  }

  Value narrow(Value value) {
    return cast(value, ElementType.FLOAT);
  }

  /** A value for every row as one for every pixel: [N] becomes [N,1,1,1]. */
  Value ofRows(Value value) {
    return reshape(value, -1, 1, 1, 1);
  }

  /** Within plus and minus a bound. Not Clip, which may turn what is not a number into one. */
  Value bounded(Value value, Value most) {
    Value least = neg(most);
    Value below = where(greater(value, most), most, value);
    return where(less(below, least), least, below);
  }

  /** One slice along an axis, without the axis. */
  Value at(Value value, int axis, long index) {
    return gather(value, index(index), axis);
  }

  /** The places at which a vector of truths is true, int64 [M]. */
  Value places(Value truths) {
    return reshape(node("NonZero", List.of(truths)), -1);
  }

  /** Whether there are any places. */
  Value any(Value places) {
    return greater(node("Size", List.of(places)), index(0));
  }

  /** A tensor with some of its rows replaced. */
  Value scattered(Value tensor, Value places, Value rows) {
    return node("ScatterND", List.of(tensor, unsqueeze(places, 1), rows));
  }
}
