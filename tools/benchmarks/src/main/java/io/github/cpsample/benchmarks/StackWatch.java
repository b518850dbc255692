package io.github.cpsample.benchmarks;

import ai.onnxruntime.OrtSession;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at the stack of a thread at random moments, some hundred times a second, and counts how
 * often it is inside ONNX Runtime, that is, in the native method behind {@code OrtSession.run}.
 * Says nothing about which path of the library is taken, so it measures all of them alike.
 */
final class StackWatch implements AutoCloseable {

  private static final long SHORTEST_NANOS = 1_000_000;
  private static final long LONGEST_NANOS = 5_000_000;

  private final Thread watched;
  private final Thread watcher;
  private volatile boolean stopped;
  private long inside;
  private long all;

  /** Starts to watch the calling thread. */
  StackWatch() {
    this.watched = Thread.currentThread();
    this.watcher = new Thread(this::watch, "stack watch");
    watcher.setDaemon(true);
    watcher.start();
  }

  private void watch() {
    SplittableRandom random = new SplittableRandom(1);
    while (!stopped) {
      LockSupport.parkNanos(random.nextLong(SHORTEST_NANOS, LONGEST_NANOS));
      StackTraceElement[] stack = watched.getStackTrace();
      if (!stopped && stack.length > 0) {
        all++;
        if (isRun(stack[0])) {
          inside++;
        }
      }
    }
  }

  private static boolean isRun(StackTraceElement frame) {
    return frame.isNativeMethod() && frame.getClassName().equals(OrtSession.class.getName());
  }

  /** Stops. */
  @Override
  public void close() {
    stopped = true;
    boolean interrupted = false;
    while (watcher.isAlive()) {
      try {
        watcher.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Samples taken; after closing. */
  long samples() {
    return all;
  }

  /** Share of the samples that were not inside ONNX Runtime; after closing. */
  double outside() {
    return (double) (all - inside) / all;
  }

  /** One standard deviation of that share. */
  double deviation() {
    return Math.sqrt(outside() * (1 - outside()) / all);
  }
}
