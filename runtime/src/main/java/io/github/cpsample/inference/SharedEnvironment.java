package io.github.cpsample.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The one ONNX Runtime environment of the process, without telemetry, whoever made it: other
 * libraries of the process share it, so nothing else of it is set here. ONNX Runtime itself ends it
 * when the process ends.
 *
 * <p>It is made on a thread of its own. On Linux ONNX Runtime 1.29 matches the process's command
 * line with a regular expression that takes some 270 bytes of stack per character: a class path of
 * 4,000 characters overflows a Java thread's usual stack of 1 MB and ends the process without a
 * word.
 */
final class SharedEnvironment {

  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
  private static final long USUAL_STACK = 1L << 20;
  private static final long STACK_PER_CHARACTER = 1024;
  private static final long LARGEST_STACK = 1L << 30;

  private static @Nullable OrtEnvironment environment;

  private SharedEnvironment() {}

  static synchronized OrtEnvironment get() {
    if (environment == null) {
      environment = create();
    }
    return environment;
  }

  private static OrtEnvironment create() {
    FutureTask<OrtEnvironment> task =
        new FutureTask<>(
            () -> {
              OrtEnvironment created = OrtEnvironment.getEnvironment();
              created.setTelemetry(false);
              return created;
            });
    Thread thread = new Thread(null, task, "cpsample-onnxruntime", stackSize());
    thread.setDaemon(true);
    thread.start();
    try {
      return finished(task);
    } catch (ExecutionException e) {
      throw failure(Objects.requireNonNullElse(e.getCause(), e));
    }
  }

  private static long stackSize() {
    try {
      long characters = Files.readAllBytes(COMMAND_LINE).length;
      return Math.min(LARGEST_STACK, USUAL_STACK + STACK_PER_CHARACTER * characters);
    } catch (IOException e) {
      return USUAL_STACK;
    }
  }

  /** Waits even if the caller is interrupted, and leaves the interruption to be seen later. */
  private static OrtEnvironment finished(FutureTask<OrtEnvironment> task)
      throws ExecutionException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static InferenceException failure(Throwable cause) {
    if (cause instanceof OrtException) {
      return new InferenceException(
          "ONNX Runtime's telemetry cannot be switched off: " + cause.getMessage(), cause);
    }
    return new InferenceException(
        "ONNX Runtime's native library cannot be loaded: add com.microsoft.onnxruntime:onnxruntime (or onnxruntime_gpu)"
            + " for this operating system and processor to the class path ("
            + cause
            + ")",
        cause);
  }
}
