package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.sampling.Progress;
import java.util.ArrayList;
import java.util.List;

/** Everything that a method delivers. */
final class Collected {

  private Collected() {}

  static List<AuditSample> of(SamplingMethod method, long firstSeed, int count) {
    List<AuditSample> samples = new ArrayList<>();
    method.sample(firstSeed, count, samples::add, Progress.none());
    return samples;
  }

  /** The images' values; fails where there is no image. */
  static float[][] values(List<AuditSample> samples) {
    return samples.stream()
        .map(sample -> sample.image().orElseThrow())
        .map(FloatImage::values)
        .toArray(float[][]::new);
  }
}
