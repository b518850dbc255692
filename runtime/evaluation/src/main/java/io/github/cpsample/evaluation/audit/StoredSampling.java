package io.github.cpsample.evaluation.audit;

import io.github.cpsample.evaluation.comparators.AuditSample;
import io.github.cpsample.evaluation.comparators.SampleSink;
import io.github.cpsample.evaluation.comparators.SamplingMethod;
import io.github.cpsample.evaluation.store.SampleStore;
import io.github.cpsample.evaluation.store.StoredSample;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.sampling.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** A method whose images are read again, where they are stored: at most a batch at a time. */
record StoredSampling(SamplingMethod method, SampleStore store) implements SamplingMethod {

  @Override
  public String name() {
    return method.name();
  }

  @Override
  public String title() {
    return method.title();
  }

  @Override
  public String settings() {
    return method.settings();
  }

  @Override
  public void sample(long firstSeed, int count, SampleSink sink, Progress progress) {
    try {
      for (StoredSample sample : store.batch(firstSeed).subList(0, count)) {
        sink.accept(of(sample));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    progress.onStep(1, 1);
  }

  private AuditSample of(StoredSample sample) {
    Optional<FloatImage> image = store.image(sample.seed());
    return new AuditSample(sample.seed(), image, sample.trajectory(), sample.cost());
  }
}
