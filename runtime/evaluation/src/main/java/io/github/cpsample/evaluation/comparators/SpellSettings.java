package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.base.Checks;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.sampling.SampleSettings;
import java.util.Locale;

/**
 * Settings of SPELL (Kirchhof et al., <i>Shielded Diffusion: Generating Novel and Diverse Images
 * using Sparse Repellency</i>, ICML 2025).
 *
 * @param steps of DDIM
 * @param eta share of fresh noise in a step
 * @param radiusShare radius of the shield around a training image, as a share of the median
 *     distance of a training image to the nearest other one
 */
public record SpellSettings(int steps, double eta, double radiusShare) {

  /**
   * The share of the median distance that is the radius unless another is asked for. Settled on 200
   * seeds of the shipped model, where half of the median distance is about the radius within which
   * the replica rule calls something a copy of a typical training image, and this one about the
   * largest of these radii.
   */
  public static final double RADIUS_SHARE = 0.7;

  public SpellSettings {
    Checks.argument(steps >= 1, "SPELL", "at least 1 step", steps);
    Checks.argument(eta >= 0 && eta <= 1, "SPELL", "an eta in [0, 1]", eta);
    requireRadius(radiusShare);
  }

  /**
   * Checks the range of a radius.
   *
   * @param radiusShare as a share of the median distance
   * @throws IllegalArgumentException if it is not positive and finite
   */
  public static void requireRadius(double radiusShare) {
    Checks.argument(
        radiusShare > 0 && radiusShare < Double.POSITIVE_INFINITY,
        "SPELL",
        "a radius of more than 0 and finite, as a share of the median distance between nearest training images",
        radiusShare);
  }

  /**
   * The settings that go beside a model's own sampler: its noise, and as many steps as it calls the
   * denoiser. DDIM with eta 1 is DDPM.
   *
   * @param own settings of the model's own sampler
   * @param calls how often that calls the denoiser for an image, at least 1
   * @param radiusShare radius as a share of the median distance, positive and finite
   * @return the settings
   */
  public static SpellSettings beside(SampleSettings own, int calls, double radiusShare) {
    double eta = own.trajectory().sampler() == SamplerKind.DDPM ? 1 : own.trajectory().eta();
    return new SpellSettings(calls, eta, radiusShare);
  }

  /**
   * The settings in words.
   *
   * @return one line
   */
  public String describe() {
    return String.format(
        Locale.ROOT,
        "ddim, %d steps, eta %s, radius %s x the median distance between nearest training images",
        steps,
        eta,
        radiusShare);
  }
}
