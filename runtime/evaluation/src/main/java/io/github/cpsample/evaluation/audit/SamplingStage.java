package io.github.cpsample.evaluation.audit;

import io.github.cpsample.evaluation.comparators.AuditSample;
import io.github.cpsample.evaluation.comparators.MethodCost;
import io.github.cpsample.evaluation.comparators.SamplingMethod;
import io.github.cpsample.evaluation.figures.MethodFigures;
import io.github.cpsample.evaluation.store.LineReader;
import io.github.cpsample.evaluation.store.SampleStore;
import io.github.cpsample.evaluation.store.SeedRange;
import io.github.cpsample.evaluation.store.StoredSample;
import io.github.cpsample.sampling.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** Samples a method, batch by batch, from where it stopped. */
final class SamplingStage {

  private SamplingStage() {}

  /**
   * Samples what is missing.
   *
   * @param method the method
   * @param store its samples so far
   * @param display is told how far it is, and may end it
   * @throws IOException if samples cannot be written
   */
  static void run(SamplingMethod method, SampleStore store, AuditDisplay display)
      throws IOException {
    SeedRange seeds = store.seeds();
    if (store.size() == seeds.count()) {
      return;
    }
    try (AuditDisplay.Stage stage = display.begin("sampling, " + method.title(), "images")) {
      while (store.size() < seeds.count()) {
        if (Thread.currentThread().isInterrupted()) {
          throw new CancellationException("interrupted after " + store.size() + " images");
        }
        int count = Math.min(seeds.batch(), seeds.count() - store.size());
        List<AuditSample> batch = new ArrayList<>(count);
        method.sample(
            seeds.first() + store.size(),
            count,
            batch::add,
            within(store.size(), count, seeds.count(), stage));
        store.append(batch);
        stage.show(store.size(), seeds.count());
      }
    }
  }

  /** The progress of a batch as that of all seeds. */
  private static Progress within(int done, int count, int total, AuditDisplay.Stage stage) {
    return (steps, all) -> stage.show(done + (all == 0 ? 0 : (long) count * steps / all), total);
  }

  /** What the samples of a method cost. */
  static MethodFigures figures(SamplingMethod method, SampleStore store) throws IOException {
    MethodCost cost = new MethodCost(method);
    try (LineReader<StoredSample> reader = store.reader()) {
      for (Optional<StoredSample> sample = reader.next();
          sample.isPresent();
          sample = reader.next()) {
        cost.add(sample.get().delivered(), sample.get().cost());
      }
    }
    return cost.figures();
  }
}
