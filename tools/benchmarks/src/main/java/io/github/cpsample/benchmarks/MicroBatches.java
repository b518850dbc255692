package io.github.cpsample.benchmarks;

import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * What a service does without rows that join: it takes what waits, at most a batch, and computes it
 * to its end before it looks again. Images are those of consecutive seeds, which cost the same.
 */
final class MicroBatches implements AutoCloseable {
  private final ProtectedSampler sampler;
  private final int places;
  private final BlockingQueue<CompletableFuture<Long>> waiting = new LinkedBlockingQueue<>();
  private final Thread thread = new Thread(this::work, "micro-batches");

  MicroBatches(ProtectedSampler sampler, int places) {
    this.sampler = sampler;
    this.places = places;
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits for an image. */
  void ask() throws InterruptedException {
    CompletableFuture<Long> done = new CompletableFuture<>();
    waiting.add(done);
    try {
      done.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private void work() {
    try {
      for (long seed = 0; ; seed += places) {
        List<CompletableFuture<Long>> batch = new ArrayList<>(List.of(waiting.take()));
        waiting.drainTo(batch, places - 1);
        compute(batch, seed);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void compute(List<CompletableFuture<Long>> batch, long seed) {
    try {
      SampleRequest request = SampleRequest.of(batch.size()).withSeed(seed).withBatchSize(places);
      sampler.sample(request, Progress.none());
      batch.forEach(done -> done.complete(seed));
    } catch (RuntimeException e) {
      batch.forEach(done -> done.completeExceptionally(e));
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
