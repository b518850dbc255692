package io.github.cpsample.evaluation.trajectory;

import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.comparators.BatchProgress;
import io.github.cpsample.evaluation.comparators.SamplingMethod;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.sampling.Progress;
import java.util.Arrays;

/**
 * How much longer images take under protection: both sides make the same seeds, request by request,
 * and take turns in being the first, so that whatever else the machine does meets both. A first
 * pair of requests, which opens the networks, is not timed. The ratio is that of all seconds,
 * resampled by pairs. Images that are sent back make a request longer by their steps, and by what
 * the last of them lack company. Not thread-safe.
 */
public final class OverheadTiming {

  private final SamplingMethod without;
  private final SamplingMethod with;
  private final int images;

  /**
   * Of two ways of sampling.
   *
   * @param without the guard
   * @param with the guard
   * @param images per request of both, at least 1
   */
  public OverheadTiming(SamplingMethod without, SamplingMethod with, int images) {
    this.without = without;
    this.with = with;
    this.images = images;
  }

  /**
   * Times pairs of requests.
   *
   * @param firstSeed of the images
   * @param pairs how many are timed, at least 1
   * @param bootstrap makes the interval
   * @param progress is told of every step, and may cancel
   * @return seconds with the guard over seconds without
   */
  public Interval measure(long firstSeed, int pairs, Bootstrap bootstrap, Progress progress) {
    BatchProgress batches = new BatchProgress(progress, 2 * (pairs + 1));
    double[] unprotected = new double[pairs];
    double[] guarded = new double[pairs];
    for (int pair = -1; pair < pairs; pair++) {
      long seed = firstSeed + (pair + 1L) * images;
      boolean guardedFirst = pair % 2 != 0;
      double first = seconds(guardedFirst ? with : without, seed, batches);
      double second = seconds(guardedFirst ? without : with, seed, batches);
      if (pair >= 0) {
        unprotected[pair] = guardedFirst ? second : first;
        guarded[pair] = guardedFirst ? first : second;
      }
    }
    return ratio(unprotected, guarded, bootstrap);
  }

  /**
   * The ratio of seconds that were measured in pairs.
   *
   * @param without seconds per request; not modified
   * @param with seconds per request of the same seeds, as many; not modified
   * @param bootstrap makes the interval
   * @return the sum of the one over that of the other
   */
  public static Interval ratio(double[] without, double[] with, Bootstrap bootstrap) {
    Checks.argument(
        without.length == with.length,
        "seconds",
        "as many with as without guard",
        with.length + " and " + without.length);
    return bootstrap.ofRows(with.length, rows -> sum(with, rows) / sum(without, rows));
  }

  private double seconds(SamplingMethod method, long seed, BatchProgress progress) {
    double[] sum = {0};
    method.sample(seed, images, sample -> sum[0] += sample.cost().seconds(), progress);
    progress.next();
    return sum[0];
  }

  private static double sum(double[] values, int[] rows) {
    return Arrays.stream(rows).mapToDouble(row -> values[row]).sum();
  }
}
