package io.github.cpsample.service.engine;

import io.github.cpsample.sampling.RunningRequest;
import io.github.cpsample.sampling.SampleResult;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/** A request that a model has accepted. Thread-safe. */
public final class Work {
  private final RunningRequest running;
  private final Duration limit;
  private final long start = System.nanoTime();
  private final BooleanSupplier abandoned;
  private final CompletableFuture<RunningRequest> finished = new CompletableFuture<>();
  private final CompletableFuture<SampleResult> done;
  private volatile boolean cancelled;

  /**
   * @param decoder makes images of what was sampled
   */
  Work(RunningRequest running, Duration limit, BooleanSupplier abandoned, Executor decoder) {
    this.running = running;
    this.limit = limit;
    this.abandoned = abandoned;
    this.done = finished.thenApplyAsync(RunningRequest::result, decoder);
  }

  /**
   * When it is over.
   *
   * @return completes with the images; or with a {@link TimeLimitException}, a {@link
   *     StoppedException}, a {@link CancellationException} or what made it fail
   */
  public CompletableFuture<SampleResult> done() {
    return done;
  }

  /**
   * How far it is.
   *
   * @return the share of its steps that is done, from 0 to 1
   */
  public double progress() {
    return Math.min(1, running.stepsDone() / (double) running.stepsTotal());
  }

  /** Nobody wants it any more: it leaves the batch before the next call. */
  public void cancel() {
    cancelled = true;
  }

  /**
   * Has something done when it is over, in the thread that ends it.
   *
   * @param action what
   */
  public void whenOver(Runnable action) {
    CompletableFuture<SampleResult> unused = done.whenComplete((result, reason) -> action.run());
  }

  /** What the batch knows it as. */
  RunningRequest running() {
    return running;
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  int images() {
    return running.settings().images().count();
  }

  /** Ends it where nobody waits for it, or its time is up. Returns whether it is over. */
  boolean isOver(long now) {
    if (cancelled || abandoned.getAsBoolean()) {
      finished.completeExceptionally(new CancellationException("nobody waits for the images"));
    } else if (now - start >= limit.toNanos()) {
      finished.completeExceptionally(new TimeLimitException(limit));
    }
    return finished.isDone();
  }

  void fail(Throwable reason) {
    finished.completeExceptionally(reason);
  }

  void finish() {
    finished.complete(running);
  }
}
