package io.github.cpsample.tools.audit;

import io.github.cpsample.trainer.evaluation.ProportionInterval;
import io.github.cpsample.trainer.evaluation.ReplicaReport;
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

  static Rate of(ReplicaReport report) {
    ProportionInterval interval = report.interval();
    return new Rate(report.rate(), interval.low(), interval.high(), report.matches().size());
  }

  /** In per cent, with the interval. */
  String text() {
    return String.format(Locale.ROOT, "%.1f %% [%.1f, %.1f]", 100 * value, 100 * low, 100 * high);
  }
}
