package io.github.cpsample.evaluation.figures;

import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.evaluation.statistics.Quantile;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the guard does.
 *
 * @param rule how the model is guarded
 * @param stepsGuarded share of all steps of protected images, resampled by images
 * @param imagesGuarded share of protected images that were guarded at least once
 * @param work what the guard made of the images
 * @param relativeForce length of the move over the length of the predicted noise, of every step in
 *     which an image was moved; null where none was, as always with a correction that moves nothing
 * @param lipschitz per image, an estimate from below of the Lipschitz constant of the classifier's
 *     logits along its trajectory, in the scale of what it is asked about, so that the largest is
 *     the estimate; null where no step was guarded
 * @param overhead time of a protected image over that of an unprotected one
 * @param levels what the classifier says per noise level
 */
public record GuardFigures(
    Rule rule,
    Interval stepsGuarded,
    Rate imagesGuarded,
    Work work,
    @Nullable Spread relativeForce,
    @Nullable Spread lipschitz,
    Interval overhead,
    List<NoiseLevel> levels) {

  /**
   * How the model is guarded.
   *
   * @param asks what the classifier is asked about: {@code x_t}, or {@code x0}, the image that the
   *     denoiser sees in x_t
   * @param threshold when a step is guarded, in words
   * @param correction what is done then, in words
   * @param movesPredictions whether the correction moves predictions; where it only sends images
   *     back, protected predictions are the unprotected ones
   * @param checksFinished whether finished images are shown to the classifier
   * @param statedFalseAlarms the share of strangers that the model's thresholds were found for, at
   *     any one noise level; null where it has one threshold for all and states none
   */
  public record Rule(
      String asks,
      String threshold,
      String correction,
      boolean movesPredictions,
      boolean checksFinished,
      @Nullable Double statedFalseAlarms) {}

  /**
   * What the guard made of the protected images, which take different numbers of steps where they
   * are sent back. Means are resampled by images.
   *
   * @param denoiserCalls mean calls of the denoiser per image
   * @param returns mean number of ways back per image
   * @param redos mean number of times that a finished image was recognised and made anew
   * @param recognised share of finished images that the classifier still recognises; null where
   *     finished images are not shown to it
   */
  public record Work(
      Interval denoiserCalls, Interval returns, Interval redos, @Nullable Rate recognised) {}

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
   * The classifier at one noise level, asked about what the guard asks about: the noised image, or
   * what the denoiser sees in it. Certainties are means over a few draws of noise, the same for all
   * images; the gate is asked about the first of them, with its threshold at this level.
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
