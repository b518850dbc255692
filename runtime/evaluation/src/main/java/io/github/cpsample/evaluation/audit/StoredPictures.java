package io.github.cpsample.evaluation.audit;

import io.github.cpsample.image.FloatImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** The pictures of a report, read from the samples and the images of an audit. */
record StoredPictures(SampleSets samples, AuditImages images, StripStage strips)
    implements ReportPictures {

  @Override
  public Optional<FloatImage> sample(String method, long seed) {
    return samples.of(method).image(seed);
  }

  @Override
  public Optional<FloatImage> trainingImage(int index) {
    return Optional.of(images.trainingImage(index));
  }

  @Override
  public Optional<FloatImage> frame(long seed, int frame, boolean guarded) {
    try {
      return strips.frame(seed, frame, guarded);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
