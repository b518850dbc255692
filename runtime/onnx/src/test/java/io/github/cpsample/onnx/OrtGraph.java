package io.github.cpsample.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs a model on ONNX Runtime, as plainly as possible. */
public final class OrtGraph implements AutoCloseable {

  private final OrtSession session;
  private final Map<String, long[]> shapes = new LinkedHashMap<>();
  private final Map<String, ElementType> types = new LinkedHashMap<>();

  /**
   * Opens a session; ONNX Runtime checks the model.
   *
   * @param model the model
   */
  public OrtGraph(OnnxModel model) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      session = OrtEnvironment.getEnvironment().createSession(OnnxCodec.toBytes(model), options);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Runs the model.
   *
   * @param inputs tensors by name
   * @return the floating point, int64 and bool outputs by name
   */
  public Map<String, double[]> run(Map<String, Tensor> inputs) {
    Map<String, OnnxTensor> given = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
        given.put(input.getKey(), tensor(input.getValue()));
      }
      try (OrtSession.Result result = session.run(given)) {
        Map<String, double[]> outputs = new LinkedHashMap<>();
        result.forEach(
            entry -> {
              OnnxTensor tensor = (OnnxTensor) entry.getValue();
              shapes.put(entry.getKey(), tensor.getInfo().getShape());
              types.put(entry.getKey(), ElementType.of(tensor.getInfo().onnxType.value));
              outputs.put(entry.getKey(), values(tensor));
            });
        return outputs;
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    } finally {
      given.values().forEach(OnnxTensor::close);
    }
  }

  /**
   * The shape of an output in the last run.
   *
   * @param output its name
   * @return its sizes
   */
  public long[] shape(String output) {
    return shapes.get(output).clone();
  }

  /**
   * The element type of an output in the last run.
   *
   * @param output its name
   * @return its type
   */
  public ElementType type(String output) {
    return types.get(output);
  }

  private static OnnxTensor tensor(Tensor tensor) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    if (tensor.type() == ElementType.STRING) {
      return OnnxTensor.createTensor(
          environment, tensor.strings().toArray(String[]::new), tensor.sizes());
    }
    ByteBuffer data = ByteBuffer.allocateDirect(tensor.bytes().remaining());
    data.order(ByteOrder.nativeOrder()).put(tensor.bytes()).rewind();
    return OnnxTensor.createTensor(
        environment, data, tensor.sizes(), OnnxJavaType.valueOf(javaType(tensor.type())));
  }

  private static String javaType(ElementType type) {
    return switch (type) {
      case UINT8, INT8, INT16, INT32, INT64, FLOAT, DOUBLE, BOOL, FLOAT16, BFLOAT16 -> type.name();
      default -> throw new IllegalArgumentException("Unexpected type " + type);
    };
  }

  private static double[] values(OnnxTensor tensor) {
    return switch (tensor.getInfo().type) {
      case FLOAT, FLOAT16, BFLOAT16 -> {
        FloatBuffer buffer = tensor.getFloatBuffer();
        double[] values = new double[buffer.remaining()];
        for (int i = 0; i < values.length; i++) {
          values[i] = buffer.get();
        }
        yield values;
      }
      case DOUBLE -> {
        double[] values = new double[tensor.getDoubleBuffer().remaining()];
        tensor.getDoubleBuffer().get(values);
        yield values;
      }
      case INT64 -> {
        LongBuffer buffer = tensor.getLongBuffer();
        double[] values = new double[buffer.remaining()];
        for (int i = 0; i < values.length; i++) {
          values[i] = buffer.get();
        }
        yield values;
      }
      case BOOL -> {
        ByteBuffer buffer = tensor.getByteBuffer();
        double[] values = new double[buffer.remaining()];
        for (int i = 0; i < values.length; i++) {
          values[i] = buffer.get();
        }
        yield values;
      }
      default -> new double[0];
    };
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
