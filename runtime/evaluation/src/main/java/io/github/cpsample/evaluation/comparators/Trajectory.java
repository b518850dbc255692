package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.base.Checks;
import io.github.cpsample.sampling.ImageReport;

/**
 * What happened to an image on its way. Images that a correction sends back take more steps than
 * others.
 *
 * @param steps steps that were taken, those that were repeated counted every time: calls of the
 *     denoiser
 * @param guardedSteps of them, those in which a guard stepped in
 * @param returns how often the image was noised back by a correction
 * @param redos how often the finished image was recognised and made anew
 * @param recognised whether the finished image is still recognised; false where nobody looks
 */
public record Trajectory(int steps, int guardedSteps, int returns, int redos, boolean recognised) {

  public Trajectory {
    Checks.argument(
        steps >= 1 && guardedSteps >= 0 && guardedSteps <= steps,
        "guarded steps",
        "a part of at least 1 step",
        guardedSteps + " of " + steps);
    Checks.argument(
        returns >= 0 && redos >= 0,
        "trajectory",
        "returns and redos of at least 0",
        returns + " and " + redos);
  }

  /**
   * Straight from noise to image.
   *
   * @param steps at least 1
   * @param guardedSteps steps in which something bent it, at most as many
   * @return without ways back
   */
  public static Trajectory straight(int steps, int guardedSteps) {
    return new Trajectory(steps, guardedSteps, 0, 0, false);
  }

  /**
   * Of an image of the model's own sampler.
   *
   * @param report on the image
   * @return what it says
   */
  public static Trajectory of(ImageReport report) {
    return new Trajectory(
        report.steps(),
        report.guardedSteps(),
        report.returns(),
        report.redos(),
        report.recognised());
  }
}
