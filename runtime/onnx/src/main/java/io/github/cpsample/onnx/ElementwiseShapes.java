package io.github.cpsample.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shapes of operators that keep the shape of their input, or broadcast their inputs. */
final class ElementwiseShapes {

  private static final List<String> SAME =
      List.of(
          ("Identity Relu LeakyRelu ThresholdedRelu Elu Selu Celu Sigmoid HardSigmoid HardSwish"
                  + " Tanh Softplus Softsign Gelu Mish Erf Exp Log Sqrt Reciprocal Abs Neg Sin Cos Tan"
                  + " Sinh Cosh Asin Acos Atan Asinh Acosh Atanh Shrink CastLike Sign Floor Ceil Round"
                  + " IsNaN IsInf Clip Softmax LogSoftmax Hardmax Dropout Cast Not"
                  + " InstanceNormalization BatchNormalization LayerNormalization GroupNormalization"
                  + " LpNormalization LRN CumSum ScatterElements Scatter ScatterND EyeLike Trilu"
                  + " MeanVarianceNormalization ReverseSequence RMSNormalization RotaryEmbedding Swish"
                  + " CumProd QuantizeLinear DequantizeLinear DynamicQuantizeLinear")
              .split(" "));

  private static final List<String> BROADCAST =
      List.of(
          ("Add Sub Mul Div Pow Mod Min Max Sum Mean Where Equal Greater Less GreaterOrEqual"
                  + " LessOrEqual And Or Xor PRelu")
              .split(" "));

  private ElementwiseShapes() {}

  static void addTo(Map<String, ShapeInference.Rule> rules) {
    for (String operator : SAME) {
      rules.put(operator, (node, known) -> known.shape(node.inputs().get(0)).orElse(null));
    }
    for (String operator : BROADCAST) {
      rules.put(operator, ElementwiseShapes::broadcast);
    }
  }

  private static @Nullable Shape broadcast(Node node, TensorTypes known) {
    Shape result = Shape.of();
    for (String input : node.inputs()) {
      Optional<Shape> shape = known.shape(input);
      if (shape.isEmpty()) {
        return null;
      }
      result = broadcast(result, shape.get(), known);
    }
    return result;
  }

  /** The shape that two tensors broadcast to. */
  static Shape broadcast(Shape a, Shape b, TensorTypes known) {
    int rank = Math.max(a.rank(), b.rank());
    List<Dim> dims = new ArrayList<>();
    for (int i = rank; i > 0; i--) {
      Dim x = i > a.rank() ? Dim.of(1) : a.dim(-i);
      Dim y = i > b.rank() ? Dim.of(1) : b.dim(-i);
      dims.add(broadcast(x, y, known));
    }
    return new Shape(dims);
  }

  private static Dim broadcast(Dim x, Dim y, TensorTypes known) {
    if (x.equals(y) || y.size() == 1) {
      return x;
    }
    if (x.size() == 1 || y.isFixed()) {
      return y;
    }
    return x.isFixed() ? x : known.derived("broadcast " + x + " " + y);
  }
}
