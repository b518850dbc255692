package io.github.cpsample.evaluation.figures;

import io.github.cpsample.evaluation.statistics.ProportionInterval;
import java.util.Locale;

/**
 * A share with its 95 % interval (Wilson 1927).
 *
 * @param value in [0, 1]
 * @param low the lower end
 * @param high the upper end
 * @param of how many images it is a share
 */
public record Rate(double value, double low, double high, int of) {

  /**
   * A share of a number of things.
   *
   * @param hits how many
   * @param of out of how many, at least 1
   * @return the share with its interval
   */
  public static Rate of(int hits, int of) {
    ProportionInterval interval = ProportionInterval.wilson95(hits, of);
    return new Rate((double) hits / of, interval.low(), interval.high(), of);
  }

  /**
   * The share of replicas.
   *
   * @param report of images held against the training images
   * @return the share with its interval
   */
  public static Rate of(ReplicaReport report) {
    return of(report.replicas().size(), report.matches().size());
  }

  /**
   * In per cent, with the interval.
   *
   * @return such as {@code 1.5 % [0.8, 2.7]}
   */
  public String text() {
    return String.format(Locale.ROOT, "%.1f %% [%.1f, %.1f]", 100 * value, 100 * low, 100 * high);
  }
}
