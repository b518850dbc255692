package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.cpsample.onnx.MalformedModelException;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.function.ThrowingSupplier;

/** Reads and differentiates models that ought to be refused: soon, with little memory, by name. */
final class Refusals {

  private static final long MOST_BYTES = 256L << 20;

  private Refusals() {}

  /** The refusal's message; fails where the model is accepted. */
  static String of(OnnxModel model) {
    return of(OnnxCodec.toBytes(model));
  }

  /** As {@link #of(OnnxModel)}, of a file's content. */
  static String of(byte[] bytes) {
    String message = differentiating(() -> OnnxCodec.read(bytes));
    assertTrue(!message.isEmpty(), "expected a refusal, found none");
    return message;
  }

  /** The refusal's message, empty where the model is differentiated. */
  static String differentiating(Supplier<OnnxModel> source) {
    return soon("one model", () -> withLittleMemory(source));
  }

  /** What comes of something that ends soon. */
  static <T> T soon(String what, ThrowingSupplier<T> work) {
    return assertTimeoutPreemptively(Duration.ofSeconds(60), work, what);
  }

  /** As {@link #differentiating}, in this thread, however long it takes. */
  static String withLittleMemory(Supplier<OnnxModel> source) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    String message = "";
    try {
      ReverseDifferentiator.of(source.get()).differentiate();
    } catch (MalformedModelException | UnsupportedOperatorException e) {
      message = e.getMessage();
      assertTrue(message.length() > 20, "expected a sentence, found " + message);
    }
    long used = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(used < MOST_BYTES, "expected little memory, found " + used + " bytes");
    return message;
  }
}
