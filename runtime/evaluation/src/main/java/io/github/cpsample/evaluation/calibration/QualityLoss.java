package io.github.cpsample.evaluation.calibration;

import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.quality.FeatureSummary;
import io.github.cpsample.evaluation.quality.FrechetDistance;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.evaluation.statistics.Interval;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How much worse protected images are than unprotected ones of the same seeds. Two things count,
 * since either alone misleads: a strong push gives a good Frechet distance while single images
 * drift away from real ones, and a wide gate keeps images near real ones while their distribution
 * narrows. Both are put in units of what real images differ by, and added:
 *
 * <ul>
 *   <li>drift: the additional distance to the nearest held-out image, over the standard deviation
 *       of that distance among held-out images;
 *   <li>distribution: the additional root of the Frechet distance (which is a squared distance),
 *       over the root of the summed variances of the held-out images' features. Without an embedder
 *       it is left out.
 * </ul>
 *
 * 0 is as good as unprotected images; 1 is a whole standard deviation away. Immutable.
 */
public final class QualityLoss {

  private final QualityReference reference;
  private final Series unprotectedImages;
  private final Series protectedImages;

  /**
   * Compares two series.
   *
   * @param reference the yardstick
   * @param unprotectedImages without protection
   * @param protectedImages with protection, from the same seeds
   */
  QualityLoss(QualityReference reference, Series unprotectedImages, Series protectedImages) {
    Checks.argument(
        unprotectedImages.size() == protectedImages.size(),
        "quality",
        "images of the same seeds",
        unprotectedImages.size() + " and " + protectedImages.size());
    this.reference = reference;
    this.unprotectedImages = unprotectedImages;
    this.protectedImages = protectedImages;
  }

  /** The loss. */
  double value() {
    return value(IntStream.range(0, protectedImages.size()).toArray());
  }

  /** The loss with an interval, resampled by seeds. */
  Interval interval(Bootstrap bootstrap) {
    return bootstrap.ofRows(protectedImages.size(), this::value);
  }

  private double value(int[] rows) {
    double drift =
        (mean(protectedImages, rows) - mean(unprotectedImages, rows)) / reference.distanceSpread();
    if (reference.features().isEmpty()) {
      return drift;
    }
    double further =
        Math.sqrt(frechet(reference, protectedImages, rows))
            - Math.sqrt(frechet(reference, unprotectedImages, rows));
    return drift + further / reference.featureSpread();
  }

  private static double mean(Series series, int[] rows) {
    return IntStream.of(rows)
        .mapToDouble(i -> series.images().get(i).heldOutDistance())
        .average()
        .orElseThrow();
  }

  private static double frechet(QualityReference reference, Series series, int[] rows) {
    return FrechetDistance.between(
        FeatureSummary.of(series.features(rows)), reference.features().orElseThrow());
  }

  /** The Frechet distance of a series to the held-out images; empty without an embedder. */
  static Optional<Double> frechet(QualityReference reference, Series series) {
    return reference.features().isPresent()
        ? Optional.of(frechet(reference, series, IntStream.range(0, series.size()).toArray()))
        : Optional.empty();
  }

  /** The same with an interval, resampled by seeds. */
  static Optional<Interval> frechet(
      QualityReference reference, Series series, Bootstrap bootstrap) {
    return reference.features().isPresent()
        ? Optional.of(bootstrap.ofRows(series.size(), rows -> frechet(reference, series, rows)))
        : Optional.empty();
  }
}
