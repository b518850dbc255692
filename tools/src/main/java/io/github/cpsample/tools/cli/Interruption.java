package io.github.cpsample.tools.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Turns the end of the process (SIGINT, SIGTERM) into an interrupt of the thread that works, and
 * gives it time to write its checkpoint and to delete its temporary files.
 */
final class Interruption {

  private final Thread worker;
  private final Supplier<Duration> patience;
  private final CountDownLatch finished = new CountDownLatch(1);

  private Interruption(Thread worker, Supplier<Duration> patience) {
    this.worker = worker;
    this.patience = patience;
  }

  /**
   * Watches from now on.
   *
   * @param worker the thread to interrupt
   * @param patience how long the process waits for it
   * @return call {@link #finished()} when the work is over
   */
  static Interruption of(Thread worker, Supplier<Duration> patience) {
    Interruption interruption = new Interruption(worker, patience);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(interruption::interrupt, "cpsample-interruption"));
    return interruption;
  }

  void interrupt() {
    if (finished.getCount() == 0) {
      return;
    }
    worker.interrupt();
    try {
      if (!finished.await(patience.get().toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println("cpsample: ended before the work under way could be wound up");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void finished() {
    finished.countDown();
  }
}
