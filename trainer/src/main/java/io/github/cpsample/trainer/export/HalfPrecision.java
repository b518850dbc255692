package io.github.cpsample.trainer.export;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.MalformedModelException;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps the weights of an ONNX model in half precision (IEEE 754 binary16), which halves the file.
 * Only how they are stored changes: each is cast back to float32 before it is used, and ONNX
 * Runtime does that once, when it opens the model.
 */
public final class HalfPrecision {

  private static final int MANTISSA_BITS = 23 - 10;
  private static final float LARGEST = 65_504;
  private static final float LEAST_NORMAL = 0x1p-14f;
  private static final float LEAST = 0x1p-24f;

  private HalfPrecision() {}

  /**
   * Stores chosen constants of a model in half precision, rounded to the nearest.
   *
   * @param model the model
   * @param names names of float32 initializers; they keep their names
   * @return a model of the same inputs and outputs
   * @throws MalformedModelException if one of them is no float32 initializer of the model, or has a
   *     value that is not finite or beyond 65,504
   */
  public static OnnxModel store(OnnxModel model, Set<String> names) {
    Graph graph = model.graph();
    Map<String, Tensor> constants = new LinkedHashMap<>(graph.initializers());
    List<Node> nodes = new ArrayList<>();
    for (String name : names) {
      Tensor tensor = constants.get(name);
      if (tensor == null) {
        throw new MalformedModelException(
            "Model: expected an initializer " + name + " to store in half precision, found none");
      }
      constants.put(name, half(name, tensor));
      nodes.add(
          new Node(
              widened(name),
              "Cast",
              "",
              List.of(name),
              List.of(widened(name)),
              List.of(Attribute.integer("to", ElementType.FLOAT.code()))));
    }
    for (Node node : graph.nodes()) {
      List<String> inputs =
          node.inputs().stream().map(i -> names.contains(i) ? widened(i) : i).toList();
      nodes.add(node.between(inputs, node.outputs()));
    }
    return model.withGraph(
        new Graph(
            graph.name(),
            graph.inputs(),
            graph.outputs(),
            nodes,
            constants,
            graph.valueInfo(),
            graph.notes()));
  }

  private static String widened(String name) {
    return name + ".float";
  }

  private static Tensor half(String name, Tensor tensor) {
    float[] values = tensor.floats();
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      if (!(Math.abs(value) <= LARGEST)) {
        throw new MalformedModelException(
            "Initializer "
                + name
                + ": expected values of at most 65504 for half precision, found "
                + value);
      }
      bytes.putShort(toHalf(value));
    }
    return Tensor.ofBytes(ElementType.FLOAT16, bytes.array(), tensor.sizes());
  }

  /**
   * The values of a constant.
   *
   * @param tensor float32 or float16
   * @return a new array
   * @throws MalformedModelException if it is of another type
   */
  static float[] floats(Tensor tensor) {
    if (tensor.type() != ElementType.FLOAT16) {
      return tensor.floats();
    }
    float[] values = new float[tensor.size()];
    ByteBuffer bytes = tensor.bytes();
    for (int i = 0; i < values.length; i++) {
      values[i] = toFloat(bytes.getShort());
    }
    return values;
  }

  /** Rounds to the nearest, ties to even; magnitudes up to 65,504. */
  static short toHalf(float value) {
    int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
    float magnitude = Math.abs(value);
    if (magnitude < LEAST_NORMAL) {
      return (short) (sign | (int) Math.rint(magnitude / LEAST));
    }
    int bits = Float.floatToRawIntBits(magnitude);
    int even = (bits >>> MANTISSA_BITS) & 1;
    int rounded = (bits + (1 << (MANTISSA_BITS - 1)) - 1 + even) >>> MANTISSA_BITS;
    return (short) (sign | (rounded - ((127 - 15) << 10)));
  }

  /** Exact. */
  static float toFloat(short half) {
    int exponent = (half >>> 10) & 0x1F;
    int mantissa = half & 0x3FF;
    float sign = half < 0 ? -1 : 1;
    if (exponent == 0) {
      return sign * mantissa * LEAST;
    }
    if (exponent == 0x1F) {
      return mantissa == 0 ? sign * Float.POSITIVE_INFINITY : Float.NaN;
    }
    return sign * Float.intBitsToFloat(((exponent + 127 - 15) << 23) | (mantissa << MANTISSA_BITS));
  }
}
