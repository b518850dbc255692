package io.github.cpsample.evaluation.comparators;

/** Receives the images of a {@link SamplingMethod}. */
@FunctionalInterface
public interface SampleSink {

  /**
   * Takes what came of one seed.
   *
   * @param sample the image with its cost, or the cost alone where the method delivers none
   */
  void accept(AuditSample sample);
}
