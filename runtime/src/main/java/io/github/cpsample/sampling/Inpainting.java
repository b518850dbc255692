package io.github.cpsample.sampling;

import io.github.cpsample.base.Checks;
import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.diffusion.NormalStream;
import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.Mask;
import java.util.List;
import java.util.Objects;

/**
 * Images of which a part is known and the rest is to be filled in. Before every step the known part
 * of x is replaced by the known pixels, noised to the step's level; denoiser, classifier and gate
 * see the composed image. At the end the known pixels are exactly what they were.
 *
 * <p>Samplers that remember nothing of earlier steps get fresh noise on the known part in every
 * step (RePaint). Samplers that remember get the same noise in all steps, so that the known part
 * moves along the curve that they extrapolate; stretches cannot be repeated with them.
 *
 * <p>Latent models compose the latents, of which one is filled if any of its pixels is, and the
 * decoded images.
 *
 * @param known one image for all samples, or one for each, of the model's shape, values about [-1,
 *     1]; what they show where the mask fills is ignored; copied
 * @param masks what is filled: one mask for all samples, or one for each; copied
 * @param resampling how often stretches are repeated
 */
public record Inpainting(List<FloatImage> known, List<Mask> masks, Resampling resampling) {
  public Inpainting {
    known = List.copyOf(known);
    masks = List.copyOf(masks);
    Objects.requireNonNull(resampling, "resampling");
    Checks.argument(
        !known.isEmpty() && !masks.isEmpty(),
        "inpainting",
        "at least one known image and one mask",
        known.size() + " and " + masks.size());
  }

  /**
   * One known image for all samples, nothing repeated.
   *
   * @param known an image of the model's shape, values about [-1, 1]
   * @param mask what is filled
   * @return the settings
   */
  public static Inpainting of(FloatImage known, Mask mask) {
    return new Inpainting(List.of(known), List.of(mask), Resampling.NONE);
  }

  /**
   * The same with repetitions.
   *
   * @param times how often every stretch is taken, at least 1
   * @param jump the length of a stretch in steps, at least 1
   * @return a copy
   */
  public Inpainting resampled(int times, int jump) {
    return new Inpainting(known, masks, new Resampling(times, jump));
  }

  /** The known image of a sample. */
  FloatImage knownOf(int index) {
    return known.size() == 1 ? known.get(0) : known.get(index);
  }

  /** An image with its known pixels put back. */
  FloatImage keep(FloatImage made, int index) {
    FloatImage given = knownOf(index);
    Mask mask = maskOf(index);
    ImageShape shape = made.shape();
    float[] values = made.values();
    int at = 0;
    for (int channel = 0; channel < shape.channels(); channel++) {
      for (int y = 0; y < shape.height(); y++) {
        for (int x = 0; x < shape.width(); x++) {
          values[at] = mask.fills(y, x) ? values[at] : given.value(channel, y, x);
          at++;
        }
      }
    }
    return FloatImage.copyOf(shape, values, 0);
  }

  /** The mask of a sample. */
  Mask maskOf(int index) {
    return masks.size() == 1 ? masks.get(0) : masks.get(index);
  }

  /** The same for one sample. */
  Inpainting only(int index) {
    return new Inpainting(List.of(knownOf(index)), List.of(maskOf(index)), resampling);
  }

  /** Refuses what does not fit the samples. */
  void requireFitting(ImageShape shape, int count) {
    GivenImages.requireFitting("known image", known, shape, count);
    GivenImages.requireCount("mask", masks.size(), count);
    for (Mask mask : masks) {
      if (mask.height() != shape.height() || mask.width() != shape.width()) {
        throw new IllegalArgumentException(
            "mask: expected "
                + shape.height()
                + " x "
                + shape.width()
                + " pixels (height x width), found "
                + mask.height()
                + " x "
                + mask.width());
      }
    }
  }

  /** Refuses repetitions with a sampler that would go on from what it remembers. */
  void requireSound(Sampler sampler) {
    Checks.argument(
        !resampling.repeats() || !sampler.memory().spansSteps(),
        "resampling",
        "a sampler that remembers nothing of earlier steps (ddim, ddpm, euler, euler-ancestral)",
        sampler.kind());
  }

  /**
   * Keeps the known part of an image: {@code x = m (sqrt(abar) known + sqrt(1 - abar) z) + (1 - m)
   * x} before every step (Lugmayr et al. 2022, arXiv 2201.09865, equation 8). Belongs to one
   * thread.
   */
  static final class KnownRegion {
    private final FloatImage known;
    private final Mask mask;
    private final float[] noise;
    private final boolean freshNoise;

    /**
     * @param mask what is filled
     * @param initial the starting noise
     * @param freshNoise whether z is drawn anew in every step, or is the starting noise in all of
     *     them
     */
    KnownRegion(FloatImage known, Mask mask, float[] initial, boolean freshNoise) {
      this.known = known;
      this.mask = mask;
      this.noise = initial.clone();
      this.freshNoise = freshNoise;
    }

    /** Replaces the known part of x by the known pixels at a noise level. */
    void compose(float[] image, NoiseLevel level, NormalStream stream) {
      if (freshNoise) {
        stream.fill(noise, 0, noise.length);
      }
      ImageShape shape = known.shape();
      int at = 0;
      for (int channel = 0; channel < shape.channels(); channel++) {
        for (int y = 0; y < shape.height(); y++) {
          for (int x = 0; x < shape.width(); x++) {
            if (!mask.fills(y, x)) {
              double value = level.signal() * known.value(channel, y, x);
              image[at] = (float) (value + level.spread() * noise[at]);
            }
            at++;
          }
        }
      }
    }
  }

  /**
   * How often stretches of the trajectory are repeated, so that what is filled in and what is known
   * grow together (Lugmayr et al. 2022, RePaint, arXiv 2201.09865, section 4.2): whenever a number
   * of steps that divides by {@code jump} is left besides the last one, and {@code jump} steps lie
   * behind, the image is noised back by {@code jump} steps and these are taken again, {@code times
   * - 1} times. Costs about {@code times} as many calls of the denoiser.
   *
   * @param times how often every stretch is taken, at least 1; 1 for no repetition
   * @param jump the length of a stretch in steps, at least 1
   */
  public record Resampling(int times, int jump) {
    /** Every step is taken once. */
    public static final Resampling NONE = new Resampling(1, 1);

    public Resampling {
      Checks.argument(
          times >= 1 && jump >= 1,
          "resampling",
          "times and jump of at least 1",
          times + " and " + jump);
    }

    /** Whether anything is repeated. */
    boolean repeats() {
      return times > 1;
    }

    /** Whether a stretch ends, and may be repeated, before a step. */
    boolean returnsAt(int next, int first, int steps) {
      return repeats() && next < steps && next - jump >= first && (steps - 1 - next) % jump == 0;
    }

    /** How many steps are taken from the first one on. */
    int calls(int first, int steps) {
      int stretches = repeats() ? (steps - 1 - first) / jump : 0;
      return steps - first + stretches * (times - 1) * jump;
    }

    /** Refuses a stretch that is longer than the trajectory. */
    void requireFitting(int first, int steps) {
      if (repeats() && jump > steps - 1 - first) {
        throw new IllegalArgumentException(
            "resampling: expected a jump of at most "
                + Math.max(0, steps - 1 - first)
                + ", since "
                + (steps - first)
                + " steps are taken and the last one is not repeated, found "
                + jump);
      }
    }
  }
}
