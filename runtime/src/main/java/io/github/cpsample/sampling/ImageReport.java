package io.github.cpsample.sampling;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the protection did to one image.
 *
 * @param seed the seed that made the image
 * @param steps steps it went through
 * @param guardedSteps steps in which it was guarded
 * @param certaintyTrace certainty of the classifier, from 1/2 (knows nothing) to 1 (certain), for
 *     every step in which it was asked; empty unless the request asked for it, because it is a
 *     membership test
 */
public record ImageReport(
    long seed, int steps, int guardedSteps, Optional<List<Double>> certaintyTrace) {
  /**
   * Copies the trace.
   *
   * @param seed as the component says
   * @param steps as the component says
   * @param guardedSteps as the component says
   * @param certaintyTrace as the component says
   */
  public ImageReport {
    Objects.requireNonNull(certaintyTrace, "certaintyTrace");
    certaintyTrace = certaintyTrace.map(List::copyOf);
  }
}
