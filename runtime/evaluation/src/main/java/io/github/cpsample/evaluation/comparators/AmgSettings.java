package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.base.Checks;
import java.util.Locale;

/**
 * Settings of AMG in pixel space (Chen, Liu and Xu, <i>Towards Memorization-Free Diffusion
 * Models</i>, CVPR 2024). The noise level is counted in steps from the clean end, as there.
 *
 * @param compared what is compared with the training images
 * @param steps of the trajectory
 * @param trigger a chain whose similarity falls below this is guided from then on
 * @param highest what {@code lambda} tends to at high noise, A
 * @param lowest {@code lambda} at no noise, B
 * @param rate how fast, c
 * @param strength of the push
 * @param patience checks in a row that guide nothing, after which checking rests
 * @param rest for how many steps it rests
 */
public record AmgSettings(
    Compared compared,
    int steps,
    double trigger,
    double highest,
    double lowest,
    double rate,
    double strength,
    int patience,
    int rest) {

  /** What AMG compares with the training images. */
  public enum Compared {
    /** x_t, with training images that are noised to the same level: as published. */
    NOISED,
    /**
     * The image that the denoiser takes x_t for, with the training images as they are. The
     * prediction of the noise counts as constant, so the gradient by x_t is that by the image
     * divided by {@code sqrt(abar)}. Nothing is drawn: a check depends on x_t alone.
     */
    DENOISED
  }

  private static final int PUBLISHED_STEPS = 250;
  private static final int PUBLISHED_SIZE = 3 * 32 * 32;
  private static final AmgSettings PUBLISHED =
      new AmgSettings(Compared.NOISED, PUBLISHED_STEPS, 1.5, 1.95, 1.5, 0.025, 80_000, 3, 10);

  /** Below this nL2 an image of the bank counts as a near-duplicate of another. */
  static final double DUPLICATE = 1;

  public AmgSettings {
    Checks.argument(
        steps >= 1 && patience >= 1 && rest >= 0,
        "AMG",
        "steps and patience of at least 1 and a rest of at least 0",
        steps + ", " + patience + " and " + rest);
    Checks.argument(
        trigger > 0 && lowest > 0 && highest >= lowest && rate > 0 && strength >= 0,
        "AMG",
        "trigger, lowest and rate above 0, highest of at least lowest and strength of at least 0",
        trigger + ", " + lowest + ", " + rate + ", " + highest + " and " + strength);
  }

  /**
   * The published setting: 250 steps, images of 3 x 32 x 32.
   *
   * @return the settings
   */
  public static AmgSettings published() {
    return PUBLISHED;
  }

  /**
   * The published setting, carried over to other numbers of steps and values. A push of {@code
   * Sigma s (lambda - nL2) grad} moves nL2 by {@code Sigma s |grad|^2} times what is missing, and
   * {@code |grad|^2 = 1 / (4 d denominator^2)}. Sigma grows as steps become fewer, and the gradient
   * as the number d of values becomes smaller; so {@code s} is multiplied by {@code steps / 250}
   * and {@code d / 3072}, which leaves that gain as published. Otherwise the push overshoots many
   * times over and no image remains. {@code lambda} is the same at the same noise: c is multiplied
   * by {@code 250 / steps}. The rest takes the same share of the trajectory.
   *
   * @param steps of the trajectory, at least 1
   * @param size values of an image, at least 1
   * @return the settings
   */
  public static AmgSettings carriedTo(int steps, int size) {
    double share = (double) steps / PUBLISHED_STEPS;
    return new AmgSettings(
        PUBLISHED.compared,
        steps,
        PUBLISHED.trigger,
        PUBLISHED.highest,
        PUBLISHED.lowest,
        PUBLISHED.rate / share,
        PUBLISHED.strength * share * size / PUBLISHED_SIZE,
        PUBLISHED.patience,
        (int) Math.max(1, Math.round(PUBLISHED.rest * share)));
  }

  /**
   * A variant that compares the denoised image. Noised images are never near each other, denoised
   * ones are: by the published thresholds nearly all of them would be pushed all the time. So it
   * pushes where the denoised image is a near-duplicate by the rule that cleans the bank, nL2 below
   * 1, at all noise levels. All else is carried over as {@link #carriedTo} does.
   *
   * @param steps of the trajectory, at least 1
   * @param size values of an image, at least 1
   * @return the settings
   */
  public static AmgSettings denoised(int steps, int size) {
    AmgSettings carried = carriedTo(steps, size);
    return new AmgSettings(
        Compared.DENOISED,
        steps,
        DUPLICATE,
        DUPLICATE,
        DUPLICATE,
        carried.rate,
        carried.strength,
        carried.patience,
        carried.rest);
  }

  /**
   * The similarity below which a triggered chain is pushed.
   *
   * @param level steps that are left after this one, in [0, steps)
   * @return {@code A - (A - B) exp(-c level)}
   */
  public double lambda(int level) {
    return highest - (highest - lowest) * Math.exp(-rate * level);
  }

  /**
   * The settings in words.
   *
   * @return one line
   */
  public String describe() {
    return String.format(
        Locale.ROOT,
        "ddpm, %d steps, compares %s images, trigger %s, A %s, B %s, c %.4g, strength %.5g, rests"
            + " %d steps after %d checks",
        steps,
        compared.name().toLowerCase(Locale.ROOT),
        trigger,
        highest,
        lowest,
        rate,
        strength,
        rest,
        patience);
  }
}
