package io.github.cpsample.trainer.training;

import io.github.cpsample.protection.Thresholds;
import io.github.cpsample.protection.Thresholds.Level;
import io.github.cpsample.protection.Views;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the gate's threshold at every noise level on images that are not protected: so high that,
 * with 95 % confidence at each level, at most a stated share of such images is guarded there.
 *
 * <p>The threshold of a level is an order statistic of the measured certainties. Of n independent
 * certainties the r-th smallest is at least their distribution's quantile p with probability {@code
 * P(Binomial(n, p) <= r - 1)}; the smallest r is taken for which that is at least 0.95, p = 1 -
 * falseAlarms (distribution-free tolerance bound: Wilks 1941; David and Nagaraja, <i>Order
 * Statistics</i>, 2003, section 7.1). Where there are too few images for any r, the largest
 * certainty is taken.
 *
 * <p>Where a classifier no longer tells training images from others, all certainties lie close to
 * 1/2, and so does a threshold that separates noised strangers from nothing: whatever a denoiser
 * makes there, a little different from noised photographs, may lie above it. So the thresholds end
 * at the last level at which ten times as many training images are recognised as strangers may be.
 */
public final class FalseAlarms {

  private static final double CONFIDENCE = 0.95;
  private static final double LEAST_ALPHA = 1e-9;
  private static final double LARGEST_ALPHA = 0.4999;

  private static final int LEVELS = 16;
  private static final double DENSER_BELOW = 1.5;

  private static final double TIMES_AS_MANY = 10;
  private static final double MOST_DEMANDED = 0.5;

  private final double share;

  /**
   * For a share of false alarms.
   *
   * @param share the share of strangers that may be guarded at one level, in (0, 1)
   * @throws IllegalArgumentException if the share is out of range
   */
  public FalseAlarms(double share) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException(
          "falseAlarms: expected a number in (0, 1), found " + share);
    }
    this.share = share;
  }

  /**
   * How many images a threshold needs.
   *
   * @return the fewest whose largest certainty is high enough with 95 % confidence
   */
  public int fewestImages() {
    return (int) Math.ceil(Math.log(1 - CONFIDENCE) / Math.log1p(-share));
  }

  /**
   * The threshold of one level.
   *
   * @param certainties of images that are not protected, each in [1/2, 1], at least one; not
   *     modified
   * @return alpha in (0, 1/2): guard when the certainty exceeds {@code 1 - alpha}
   * @throws IllegalArgumentException if there is none or one is not in [1/2, 1]
   */
  public double alpha(double[] certainties) {
    if (certainties.length == 0) {
      throw new IllegalArgumentException("certainties: expected at least one, found none");
    }
    for (double certainty : certainties) {
      if (!(certainty >= 0.5 && certainty <= 1)) {
        throw new IllegalArgumentException(
            "certainties: expected numbers in [1/2, 1], found " + certainty);
      }
    }
    double[] sorted = certainties.clone();
    Arrays.sort(sorted);
    double threshold = sorted[rank(sorted.length) - 1];
    return Math.max(LEAST_ALPHA, Math.min(LARGEST_ALPHA, 1 - threshold));
  }

  /** The smallest r of the class's rule, or n where there is none. */
  int rank(int n) {
    double odds = Math.log(share) - Math.log1p(-share);
    double logTerm = n * Math.log1p(-share);
    double sum = Math.exp(logTerm);
    int above = 0;
    // sum is the probability that at most this many of n lie above the quantile; the threshold must
    // leave as few above it that more than that is likely.
    while (above < n && sum <= 1 - CONFIDENCE) {
      logTerm += odds + Math.log((double) (n - above) / (above + 1));
      sum += Math.exp(logTerm);
      above++;
    }
    return above == 0 ? n : n - above + 1;
  }

  /**
   * The levels at which thresholds are measured: at most sixteen from 0 to the last guarded
   * timestep, denser where there is little noise, and on timesteps of the trajectories that the
   * classifier was trained on: it knows these by their number, is more certain there of strangers,
   * too, and is asked there by samplers.
   *
   * @param lastTimestep the last guarded timestep, at least 0
   * @param spacing from one timestep of a trajectory to the next, at least 1
   * @return by rising timestep
   */
  public static List<Integer> levels(int lastTimestep, int spacing) {
    List<Integer> levels = new ArrayList<>();
    for (int i = 0; i < LEVELS; i++) {
      double part = Math.pow((double) i / (LEVELS - 1), DENSER_BELOW);
      int level =
          i == LEVELS - 1
              ? lastTimestep
              : Math.min(lastTimestep, spacing * (int) Math.round(part * lastTimestep / spacing));
      if (levels.isEmpty() || level > levels.get(levels.size() - 1)) {
        levels.add(level);
      }
    }
    return levels;
  }

  /**
   * What a classifier says at one noise level.
   *
   * @param strangers certainties of images that are not protected, each in [1/2, 1], at least one
   * @param members certainties of training images, at least one
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  public record Certainties(double[] strangers, double[] members) {}

  /** Asks for certainties. */
  @FunctionalInterface
  public interface Measurement {
    /**
     * Measures.
     *
     * @param timestep the noise level
     * @return the certainties there
     */
    Certainties at(int timestep);
  }

  /**
   * The thresholds of all levels up to the last one at which training images are recognised; of the
   * smallest level alone where they are at none.
   *
   * @param lastTimestep the last timestep that may be guarded
   * @param spacing of the levels, as in {@link #levels}
   * @param measurement measures a level
   * @param views in which finished images are looked at
   * @param finished certainties of finished images that are not protected, in these views
   * @return the thresholds
   */
  public Thresholds thresholds(
      int lastTimestep, int spacing, Measurement measurement, Views views, double[] finished) {
    List<Level> found = new ArrayList<>();
    int useful = 1;
    for (int level : levels(lastTimestep, spacing)) {
      Certainties certainties = measurement.at(level);
      double alpha = alpha(certainties.strangers());
      found.add(new Level(level, alpha));
      if (recognised(certainties.members(), alpha) >= recognisedAtLeast()) {
        useful = found.size();
      }
    }
    return new Thresholds(share, found.subList(0, useful), alpha(finished), views);
  }

  /**
   * The share of the training images that a guarded noise level has to recognise.
   *
   * @return ten times the share of false alarms, at most one half
   */
  public double recognisedAtLeast() {
    return Math.min(MOST_DEMANDED, TIMES_AS_MANY * share);
  }

  private static double recognised(double[] members, double alpha) {
    return Arrays.stream(members).filter(certainty -> certainty > 1 - alpha).count()
        / (double) members.length;
  }
}
