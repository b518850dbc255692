package io.github.cpsample.evaluation.calibration;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.CalibrationEvidence;
import io.github.cpsample.evaluation.statistics.ProportionLimit;

/**
 * What a calibration is asked for and how much it may sample. Fixed before anything is measured.
 *
 * @param bounds what the choice has to meet
 * @param seed the first of all seeds; the tuning seeds begin there, and every confirmation has a
 *     block of its own behind them
 * @param batch images sampled at once
 * @param firstImages images per setting before any is set aside
 * @param tuningImages images of a setting at most while settings are compared
 * @param finalists how many settings are compared on all tuning images
 * @param count images per side of a confirmation
 * @param tries confirmations at most
 */
public record CalibrationPlan(
    CalibrationEvidence.Bounds bounds,
    long seed,
    int batch,
    int firstImages,
    int tuningImages,
    int finalists,
    int count,
    int tries) {

  /** Of all intervals and limits, over all tries together. */
  public static final double CONFIDENCE = 0.95;

  private static final int LEAST_COUNT = 200;
  private static final int MOST_COUNT = 20_000;
  private static final double EXPECTED_AT_LIMIT = 6.5;
  private static final int LEAST_TUNING = 256;
  private static final int MOST_TUNING = 4096;
  private static final double TUNING_AT_LIMIT = 5;

  public CalibrationPlan {
    Checks.atLeast("batch", batch, 2);
    Checks.atLeast("firstImages", firstImages, 2);
    Checks.atLeast("tuningImages", tuningImages, firstImages);
    Checks.atLeast("finalists", finalists, 1);
    Checks.atLeast("count", count, 2);
    Checks.atLeast("tries", tries, 1);
    firstImages = rounded(firstImages, batch);
    tuningImages = rounded(tuningImages, batch);
    count = rounded(count, batch);
    long seeds = Math.addExact(tuningImages, Math.multiplyExact((long) count, tries));
    Checks.argument(
        seed <= Long.MAX_VALUE - seeds, "seed", "room for " + seeds + " seeds behind it", seed);
  }

  /**
   * How many images a confirmation takes unless somebody says otherwise: so many that one replica
   * among them is still within the limit ({@code 6.5 / max}; three tries at 95 % in all), from 200
   * to 20,000.
   *
   * @param maxReplicas the bound
   * @return images per side
   */
  public static int usualCount(double maxReplicas) {
    return (int)
        Math.min(MOST_COUNT, Math.max(LEAST_COUNT, Math.ceil(EXPECTED_AT_LIMIT / maxReplicas)));
  }

  /**
   * How many images of a setting are compared at most unless somebody says otherwise: {@code 5 /
   * max}, from 256 to 4,096.
   *
   * @param maxReplicas the bound
   * @return images per setting
   */
  public static int usualTuning(double maxReplicas) {
    return (int)
        Math.min(MOST_TUNING, Math.max(LEAST_TUNING, Math.ceil(TUNING_AT_LIMIT / maxReplicas)));
  }

  /**
   * The confidence of the limit of one try: the error that is allowed is shared by all tries
   * (Bonferroni), so that it holds for whichever of them is reported.
   *
   * @return {@code 1 - (1 - CONFIDENCE) / tries}
   */
  public double confidencePerTry() {
    return 1 - (1 - CONFIDENCE) / tries;
  }

  /**
   * The least upper limit that a confirmation can give.
   *
   * @return the limit where no replica is seen
   */
  public double leastLimit() {
    return ProportionLimit.upper(0, count, confidencePerTry());
  }

  /**
   * The seeds of a confirmation, which nothing else uses.
   *
   * @param number of the try, from 1 to {@link #tries}
   * @return the first of {@link #count} seeds
   */
  public long confirmationSeed(int number) {
    Checks.argument(number >= 1 && number <= tries, "try", "one from 1 to " + tries, number);
    return seed + tuningImages + (long) (number - 1) * count;
  }

  private static int rounded(int images, int batch) {
    return Math.multiplyExact((images - 1) / batch + 1, batch);
  }
}
