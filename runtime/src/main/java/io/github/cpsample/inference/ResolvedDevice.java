package io.github.cpsample.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import io.github.cpsample.base.Checks;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where networks do run: a device that was tried.
 *
 * @param device CPU or CUDA, never AUTO
 * @param fallbackReason why {@code auto} fell back to the CPU; empty if it did not
 */
public record ResolvedDevice(Device device, Optional<String> fallbackReason) {
  public ResolvedDevice {
    Objects.requireNonNull(fallbackReason, "fallbackReason");
    Checks.argument(device.kind() != Device.Kind.AUTO, "resolved device", "cpu or cuda", "auto");
  }

  /**
   * Tries a device by running a small graph on it.
   *
   * @param wanted the device asked for
   * @return the device to use: the one asked for, or for {@code auto} the CPU with the reason
   * @throws InferenceException if CUDA was asked for and does not work, or ONNX Runtime itself does
   *     not, with a sentence that says what to install
   */
  public static ResolvedDevice of(Device wanted) {
    SharedEnvironment.get();
    if (wanted.kind() == Device.Kind.CPU) {
      return new ResolvedDevice(wanted, Optional.empty());
    }
    Device cuda = Device.cuda(wanted.index());
    Optional<InferenceException> failure = CudaProbe.failure(cuda.index());
    if (failure.isEmpty()) {
      return new ResolvedDevice(cuda, Optional.empty());
    }
    if (wanted.kind() == Device.Kind.CUDA) {
      throw failure.get();
    }
    return new ResolvedDevice(Device.cpu(), failure.map(InferenceException::getMessage));
  }

  /**
   * Finds out whether CUDA works here, by asking the jar and then running a graph of one node on
   * the card.
   */
  static final class CudaProbe {
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
                    + ": this ONNX Runtime has no CUDA; put"
                    + " com.microsoft.onnxruntime:onnxruntime_gpu:"
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
                    + ": ONNX Runtime cannot use it; install an NVIDIA driver and the CUDA and"
                    + " cuDNN libraries that onnxruntime_gpu "
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
}
