package io.github.cpsample.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;

/**
 * The one ONNX Runtime environment of the process, without telemetry. ONNX Runtime itself ends it
 * when the process ends.
 */
final class SharedEnvironment {
  private SharedEnvironment() {}

  static OrtEnvironment get() {
    try {
      OrtEnvironment environment = OrtEnvironment.getEnvironment("cpsample");
      environment.setTelemetry(false);
      return environment;
    } catch (OrtException e) {
      throw new InferenceException(
          "ONNX Runtime's telemetry cannot be switched off: " + e.getMessage(), e);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError | ExceptionInInitializerError e) {
      throw new InferenceException(
          "ONNX Runtime's native library cannot be loaded: add com.microsoft.onnxruntime:onnxruntime (or onnxruntime_gpu)"
              + " for this operating system and processor to the class path ("
              + e
              + ")",
          e);
    }
  }
}
