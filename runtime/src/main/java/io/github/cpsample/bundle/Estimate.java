package io.github.cpsample.bundle;

/**
 * A measured number with its 95 % interval.
 *
 * @param value what was measured
 * @param low the lower end
 * @param high the upper end
 */
public record Estimate(double value, double low, double high) {
  /**
   * Refuses what is no interval.
   *
   * @param value finite
   * @param low finite
   * @param high finite, at least {@code low}
   */
  public Estimate {
    ManifestChecks.finite("estimate.value", value);
    ManifestChecks.finite("estimate.low", low);
    ManifestChecks.within("estimate.high", high, low, Double.MAX_VALUE);
  }
}
