package io.github.cpsample.service.engine;

import io.github.cpsample.sampling.BatchCounts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a model's engines are measured by, which go on counting when the model is loaded anew.
 * Thread-safe.
 */
public final class EngineMeters {
  private final AtomicInteger accepted = new AtomicInteger();
  private final DistributionSummary batch;
  private final Counter calls;
  private final Counter rows;
  private final Counter guarded;
  private final Timer image;
  private final Counter left;

  /**
   * Registers the meters.
   *
   * @param registry where
   * @param model the value of their label {@code model}
   */
  public EngineMeters(MeterRegistry registry, String model) {
    Gauge.builder("cpsample.images.accepted", accepted, AtomicInteger::get)
        .description("Images waiting or under way")
        .tag("model", model)
        .register(registry);
    this.batch =
        DistributionSummary.builder("cpsample.batch.rows")
            .description("Images that share a call of the denoiser")
            .tag("model", model)
            .register(registry);
    this.calls = counter(registry, model, "cpsample.denoiser.calls", "Calls of the denoiser");
    this.rows =
        counter(registry, model, "cpsample.denoiser.rows", "Images passed through the denoiser");
    this.guarded = counter(registry, model, "cpsample.guarded.rows", "Rows that were guarded");
    this.image =
        Timer.builder("cpsample.image")
            .description("Time from a request to its images, per image")
            .tag("model", model)
            .register(registry);
    this.left =
        counter(
            registry, model, "cpsample.images.left", "Images that were given up before their end");
  }

  private static Counter counter(
      MeterRegistry registry, String model, String name, String description) {
    return Counter.builder(name).description(description).tag("model", model).register(registry);
  }

  AtomicInteger accepted() {
    return accepted;
  }

  void called(BatchCounts before, BatchCounts after) {
    calls.increment((double) (after.calls() - before.calls()));
    rows.increment((double) (after.rows() - before.rows()));
    guarded.increment((double) (after.guardedRows() - before.guardedRows()));
    batch.record((double) (after.rows() - before.rows()));
  }

  void finished(int images, Duration time) {
    for (int i = 0; i < images; i++) {
      image.record(time.dividedBy(images));
    }
  }

  void leftUnfinished(int images) {
    left.increment(images);
  }
}
