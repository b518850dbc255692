package io.github.cpsample.composition;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.protection.Certainty.Arithmetic;
import java.util.List;

/** Arithmetic of one graph that is being built; that of protection is in float64. */
final class Nodes implements Arithmetic<Value> {

  private final GraphBuilder graph;

  Nodes(GraphBuilder graph) {
    this.graph = graph;
  }

  GraphBuilder graph() {
    return graph;
  }

  Value op(String operator, Value... operands) {
    return graph.node(operator, List.of(operands));
  }

  /** A float64 scalar. */
  @Override
  public Value number(double value) {
    return graph.constant(Tensor.of(new double[] {value}));
  }

  /** An int64 vector. */
  Value indices(long... values) {
    return graph.constant(Tensor.of(values, values.length));
  }

  /** An int64 scalar. */
  Value index(long value) {
    return graph.constant(Tensor.of(new long[] {value}));
  }

  /** A bool vector, one byte per element in ONNX. */
  Value flags(boolean... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return graph.constant(Tensor.ofBytes(ElementType.BOOL, bytes, values.length));
  }

  Value cast(Value value, ElementType type) {
    return graph.node("Cast", List.of(value), Attribute.integer("to", type.code()));
  }

  /** A tensor of a shape that is known at run time only. */
  Value filled(Value shape, Tensor element) {
    return graph.node("ConstantOfShape", List.of(shape), Attribute.tensor("value", element));
  }

  /** Sizes of a tensor, int64. */
  Value shape(Value value) {
    return op("Shape", value);
  }

  /** The number of rows, as an int64 vector of one element. */
  Value rows(Value value) {
    return op("Gather", shape(value), indices(0));
  }

  /**
   * {@code log(1 + e)} in float64 for {@code e > -1}. ONNX has no such operator; the product with
   * {@code e / (w - 1)} takes out the rounding of {@code w = 1 + e} (Kahan; see Goldberg 1991,
   * theorem 4).
   */
  @Override
  public Value log1p(Value e) {
    Value w = op("Add", e, number(1));
    Value lost = op("Div", e, op("Sub", w, number(1)));
    return op("Where", op("Equal", w, number(1)), e, op("Mul", op("Log", w), lost));
  }

  @Override
  public Value plus(Value a, Value b) {
    return op("Add", a, b);
  }

  @Override
  public Value times(Value a, Value b) {
    return op("Mul", a, b);
  }

  @Override
  public Value over(Value a, Value b) {
    return op("Div", a, b);
  }

  @Override
  public Value minus(Value a) {
    return op("Neg", a);
  }

  @Override
  public Value magnitude(Value a) {
    return op("Abs", a);
  }

  @Override
  public Value exp(Value a) {
    return op("Exp", a);
  }

  @Override
  public Value atMost(Value a, Value b) {
    return op("LessOrEqual", a, b);
  }

  @Override
  public Value not(Value a) {
    return op("Not", a);
  }

  @Override
  public Value or(Value a, Value b) {
    return op("Or", a, b);
  }

  @Override
  public Value choose(Value truth, Value a, Value b) {
    return op("Where", truth, a, b);
  }

  Value and(Value a, Value b) {
    return op("And", a, b);
  }

  Value wide(Value value) {
    return cast(value, ElementType.DOUBLE);
  }

  Value narrow(Value value) {
    return cast(value, ElementType.FLOAT);
  }

  /** A value for every row as one for every pixel: [N] becomes [N,1,1,1]. */
  Value ofRows(Value value) {
    return op("Reshape", value, indices(-1, 1, 1, 1));
  }

  /** Within plus and minus a bound. Not Clip, which may turn what is not a number into one. */
  Value bounded(Value value, Value most) {
    Value least = op("Neg", most);
    Value below = op("Where", op("Greater", value, most), most, value);
    return op("Where", op("Less", below, least), least, below);
  }

  /** One slice along an axis, without the axis. */
  Value at(Value value, int axis, long index) {
    return graph.node("Gather", List.of(value, index(index)), Attribute.integer("axis", axis));
  }

  /** The places at which a vector of truths is true, int64 [M]. */
  Value places(Value truths) {
    return op("Reshape", op("NonZero", truths), indices(-1));
  }

  /** Whether there are any places. */
  Value any(Value places) {
    return op("Greater", op("Size", places), index(0));
  }

  /** A tensor with some of its rows replaced. */
  Value scattered(Value tensor, Value places, Value rows) {
    return op("ScatterND", tensor, op("Unsqueeze", places, indices(1)), rows);
  }
}
