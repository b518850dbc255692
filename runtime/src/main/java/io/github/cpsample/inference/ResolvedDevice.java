package io.github.cpsample.inference;

import java.util.Objects;
import java.util.Optional;

/**
 * Where networks do run: a device that was tried.
 *
 * @param device CPU or CUDA, never AUTO
 * @param fallbackReason why {@code auto} fell back to the CPU; empty if it did not
 */
public record ResolvedDevice(Device device, Optional<String> fallbackReason) {
  /**
   * Refuses {@code auto}.
   *
   * @param device as the component says
   * @param fallbackReason as the component says
   */
  public ResolvedDevice {
    Objects.requireNonNull(fallbackReason, "fallbackReason");
    if (device.kind() == Device.Kind.AUTO) {
      throw new IllegalArgumentException("resolved device: expected cpu or cuda, found auto");
    }
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
}
