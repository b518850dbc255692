package io.github.cpsample.tools.audit.figures;

import io.github.cpsample.tools.audit.statistics.Interval;
import io.github.cpsample.tools.audit.statistics.Quantile;
import java.util.Arrays;
import java.util.List;

/**
 * What the guard does.
 *
 * @param stepsGuarded share of all steps of protected images, resampled by images
 * @param imagesGuarded share of protected images that were guarded at least once
 * @param relativeForce length of the push over the length of the predicted noise, guarded steps;
 *     null where no step was guarded
 * @param lipschitz per image, an estimate from below of the Lipschitz constant of the classifier's
 *     logits along its trajectory, so that the largest is the estimate; null where no step was
 *     guarded
 * @param overhead time of a protected image over that of an unprotected one
 * @param levels what the classifier says per noise level
 */
public record GuardFigures(
    Interval stepsGuarded,
    Rate imagesGuarded,
    Spread relativeForce,
    Spread lipschitz,
    Interval overhead,
    List<NoiseLevel> levels) {

  /**
   * How numbers are spread.
   *
   * @param count of the numbers
   * @param mean of them
   * @param median of them
   * @param quantile95 the 95th percentile
   * @param largest of them
   */
  public record Spread(long count, double mean, double median, double quantile95, double largest) {

    private static final double HALF = 0.5;
    private static final double MOST = 0.95;

    /**
     * How numbers are spread.
     *
     * @param values at least one, all finite; not modified
     * @return their mean and quantiles
     */
    public static Spread of(double[] values) {
      double[] ascending = values.clone();
      Arrays.sort(ascending);
      return new Spread(
          values.length,
          Arrays.stream(values).average().orElseThrow(),
          Quantile.ofSorted(ascending, HALF),
          Quantile.ofSorted(ascending, MOST),
          ascending[ascending.length - 1]);
    }
  }

  /**
   * The classifier at one noise level. Certainties are means over a few draws of noise, the same
   * for all images; the gate is asked about the first of them.
   *
   * @param timestep of the level
   * @param asked whether the model's guard asks at this level; elsewhere its gate is asked here
   *     only
   * @param trainingCertainty mean certainty on training images, in [1/2, 1]
   * @param heldOutCertainty mean certainty on held-out images
   * @param recognised share of training images that the gate guards at this level
   * @param falseAlarms share of held-out images that it guards
   * @param auc area under the curve of certainty, training against held-out
   */
  public record NoiseLevel(
      int timestep,
      boolean asked,
      Interval trainingCertainty,
      Interval heldOutCertainty,
      Rate recognised,
      Rate falseAlarms,
      Interval auc) {}
}
