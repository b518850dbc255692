package io.github.cpsample.evaluation.calibration;

import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.evaluation.statistics.Interval;
import java.util.List;
import java.util.stream.IntStream;

/** The additional time of protected images, as a share of that of unprotected ones. */
final class Overhead {

  private Overhead() {}

  /** Of blocks of the same seeds that were sampled in turns. */
  static double of(Series unprotectedImages, Series protectedImages) {
    return of(
        unprotectedImages.batches(),
        protectedImages.batches(),
        IntStream.range(0, protectedImages.batches().size()).toArray());
  }

  /** The same with an interval, resampled by blocks. */
  static Interval interval(Series unprotectedImages, Series protectedImages, Bootstrap bootstrap) {
    return bootstrap.ofRows(
        protectedImages.batches().size(),
        rows -> of(unprotectedImages.batches(), protectedImages.batches(), rows));
  }

  /** Whether at least so many blocks were sampled and each took longer than a bound allows. */
  static boolean alwaysAbove(
      Series unprotectedImages, Series protectedImages, double bound, int blocks) {
    List<BatchResult> with = protectedImages.batches();
    return with.size() >= blocks
        && IntStream.range(0, with.size())
            .allMatch(i -> of(unprotectedImages.batches(), with, new int[] {i}) > bound);
  }

  private static double of(List<BatchResult> without, List<BatchResult> with, int[] rows) {
    double plain = IntStream.of(rows).mapToDouble(i -> without.get(i).seconds()).sum();
    double guarded = IntStream.of(rows).mapToDouble(i -> with.get(i).seconds()).sum();
    return guarded / plain - 1;
  }
}
