package io.github.cpsample.sampling;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the protection did to one image.
 *
 * @param seed the seed that made the image
 * @param steps steps it went through, those that were repeated counted every time
 * @param guardedSteps steps in which it was guarded
 * @param returns how often it was noised back by a correction that heals
 * @param redos how often the finished image was recognised and made anew
 * @param recognised whether the classifier still recognises the finished image; false where
 *     finished images are not looked at
 * @param certaintyTrace certainty of the classifier, from 1/2 (knows nothing) to 1 (certain), for
 *     every step in which it was asked; empty unless the request asked for it, because it is a
 *     membership test
 */
public record ImageReport(
    long seed,
    int steps,
    int guardedSteps,
    int returns,
    int redos,
    boolean recognised,
    Optional<List<Double>> certaintyTrace) {
  public ImageReport {
    Objects.requireNonNull(certaintyTrace, "certaintyTrace");
    certaintyTrace = certaintyTrace.map(List::copyOf);
  }
}
