package io.github.cpsample.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds out whether CUDA works here, by asking the jar and then running a graph of one node on the
 * card.
 */
final class CudaProbe {
  private static final int OPSET = 17;

  private CudaProbe() {}

  /** Why CUDA device {@code index} cannot be used, with what to install; empty if it can. */
  static Optional<InferenceException> failure(int index) {
    OrtEnvironment environment = SharedEnvironment.get();
    if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
      return Optional.of(
          new InferenceException(
              "device cuda:"
                  + index
                  + ": this ONNX Runtime has no CUDA; put com.microsoft.onnxruntime:onnxruntime_gpu:"
                  + environment.getVersion()
                  + " on the class path in place of com.microsoft.onnxruntime:onnxruntime"));
    }
    ResolvedDevice cuda = new ResolvedDevice(Device.cuda(index), Optional.empty());
    try (InferenceSession session =
        InferenceSession.open("probe", doubling(), cuda, SessionSettings.defaults())) {
      session.run(Map.of("x", TensorBuffer.floats(1)), Map.of("y", TensorBuffer.floats(1)));
      return Optional.empty();
    } catch (InferenceException e) {
      return Optional.of(
          new InferenceException(
              "device cuda:"
                  + index
                  + ": ONNX Runtime cannot use it; install an NVIDIA driver and the CUDA and cuDNN"
                  + " libraries that onnxruntime_gpu "
                  + environment.getVersion()
                  + " was built for, and check the number"
                  + " of the device with nvidia-smi ("
                  + e.getMessage()
                  + ")",
              e));
    }
  }

  private static byte[] doubling() {
    GraphBuilder graph = new GraphBuilder("probe", OPSET);
    Value x = graph.input("x", ElementType.FLOAT, Shape.fixed(1));
    graph.output("y", graph.node("Add", List.of(x, x)), ElementType.FLOAT, Shape.fixed(1));
    return OnnxCodec.toBytes(graph.build());
  }
}
