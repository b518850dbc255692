package io.github.cpsample.benchmarks;

import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.random.RandomMode;
import java.util.List;
import java.util.Map;

/**
 * A large square matrix product on ONNX Runtime, the right factor constant as weights are: about
 * the most that the machine computes in float32. Holds native memory; close it.
 */
final class MatrixProduct implements AutoCloseable {

  private final int size;
  private final InferenceSession session;
  private final Map<String, TensorBuffer> inputs;
  private final Map<String, TensorBuffer> outputs;

  MatrixProduct(int size) {
    this.size = size;
    float[] numbers = new float[size * size];
    RandomMode.JAVA.open(1).initial().fill(numbers, 0, numbers.length);
    GraphBuilder graph = new GraphBuilder("product", 17);
    Shape square = Shape.fixed(size, size);
    Value a = graph.input("a", ElementType.FLOAT, square);
    Value b = graph.constant("b", numbers, size, size);
    graph.output("c", graph.node("MatMul", List.of(a, b)), ElementType.FLOAT, square);
    TensorBuffer left = TensorBuffer.floats(size, size);
    left.asFloats().put(numbers);
    this.inputs = Map.of("a", left);
    this.outputs = Map.of("c", TensorBuffer.floats(size, size));
    this.session = TwoCores.open("matrix product", OnnxCodec.toBytes(graph.build()));
  }

  void run() {
    session.run(inputs, outputs);
  }

  /** Operations of one product, a multiplication and an addition counting as two. */
  double operations() {
    return 2.0 * size * size * size;
  }

  @Override
  public void close() {
    session.close();
  }
}
