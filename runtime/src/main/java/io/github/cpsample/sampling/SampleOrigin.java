package io.github.cpsample.sampling;

import io.github.cpsample.base.Checks;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What images are made of besides noise. Immutable.
 *
 * @param start images to start from, or empty to start from noise alone
 * @param inpainting what is known of the images, or empty for nothing
 * @param interpolation the seed that starting noise is mixed with, or empty for none
 */
public record SampleOrigin(
    Optional<StartImages> start,
    Optional<Inpainting> inpainting,
    Optional<Interpolation> interpolation) {
  /** Noise alone. */
  static final SampleOrigin NOISE =
      new SampleOrigin(Optional.empty(), Optional.empty(), Optional.empty());

  public SampleOrigin {
    Objects.requireNonNull(start, "start");
    Objects.requireNonNull(inpainting, "inpainting");
    Objects.requireNonNull(interpolation, "interpolation");
  }

  SampleOrigin withStart(StartImages images) {
    return new SampleOrigin(Optional.of(images), inpainting, interpolation);
  }

  SampleOrigin withInpainting(Inpainting known) {
    return new SampleOrigin(start, Optional.of(known), interpolation);
  }

  SampleOrigin withInterpolation(Interpolation seeds) {
    return new SampleOrigin(start, inpainting, Optional.of(seeds));
  }

  /** The part of one sample; without the other seed, since it is sampled from a seed of its own. */
  SampleOrigin only(int index) {
    return new SampleOrigin(
        start.map(images -> images.only(index)),
        inpainting.map(known -> known.only(index)),
        Optional.empty());
  }

  /** Refuses what does not fit the samples. */
  SampleOrigin requireFitting(ImageShape shape, int count) {
    start.ifPresent(images -> images.requireFitting(shape, count));
    inpainting.ifPresent(known -> known.requireFitting(shape, count));
    interpolation.ifPresent(seeds -> seeds.requireFitting(count));
    return this;
  }

  /** The share of the denoiser's calls that is made for a sample. */
  double strength(int index) {
    return start.map(images -> images.strengthOf(index)).orElse(1.0);
  }

  /** How often stretches of the trajectory are repeated. */
  Inpainting.Resampling resampling() {
    return inpainting.map(Inpainting::resampling).orElse(Inpainting.Resampling.NONE);
  }

  /**
   * Images between two seeds: the starting noise of image i of n is mixed spherically, with the
   * share i / (n - 1), of the request's seed's and the last seed's. The first image is the one of
   * the request's seed. With deterministic samplers the last one is that of the last seed; the
   * noise that other samplers add in their steps is that of the request's seed in all images.
   *
   * @param lastSeed the seed whose starting noise the last image gets
   */
  public record Interpolation(long lastSeed) {
    /** Below this sine of the angle, the straight mix is the same in float. */
    private static final double PARALLEL = 1e-6;

    /** Refuses too few images. */
    void requireFitting(int count) {
      Checks.argument(count >= 2, "interpolation", "a count of at least 2 images", count);
    }

    /** Mixes the starting noise of an image, which holds that of the request's seed. */
    void mix(float[] noise, int image, int count, RandomMode mode) {
      float[] last = new float[noise.length];
      mode.open(lastSeed).initial().fill(last, 0, last.length);
      mix(noise, last, (double) image / (count - 1));
    }

    /**
     * Replaces a vector by a mix that stays as long as noise is (Shoemake 1985, Animating rotation
     * with quaternion curves): {@code sin((1 - s) w) / sin(w) a + sin(s w) / sin(w) b}, w being the
     * angle between a and b.
     *
     * @param target holds a, receives the mix
     * @param other b, of the same length as a
     * @param share s: 0 leaves a as it is, 1 gives b
     * @throws IllegalArgumentException if the share is not in [0, 1]
     */
    static void mix(float[] target, float[] other, double share) {
      Checks.argument(share >= 0 && share <= 1, "share", "a number in [0, 1]", share);
      double product = 0;
      double squares = 0;
      double otherSquares = 0;
      for (int i = 0; i < other.length; i++) {
        product += (double) target[i] * other[i];
        squares += (double) target[i] * target[i];
        otherSquares += (double) other[i] * other[i];
      }
      double cosine = product / Math.sqrt(squares * otherSquares);
      double angle = Math.acos(Math.max(-1, Math.min(1, cosine)));
      double sine = Math.sin(angle);
      boolean parallel = !(sine > PARALLEL);
      double own = parallel ? 1 - share : Math.sin((1 - share) * angle) / sine;
      double others = parallel ? share : Math.sin(share * angle) / sine;
      for (int i = 0; i < other.length; i++) {
        target[i] = (float) (own * target[i] + others * other[i]);
      }
    }
  }

  /**
   * Images to start from instead of from noise: image-to-image (Meng et al. 2022, SDEdit, arXiv
   * 2108.01073).
   *
   * @param images one for all samples, or one for each, of the model's shape, values about [-1, 1];
   *     copied
   * @param strengths the share of the denoiser's calls that is made, one for all samples or one for
   *     each, in (0, 1]: the last {@code round(strength * calls)} of the plan, at least one; fewer
   *     where that falls inside of a step of several calls; copied
   */
  public record StartImages(List<FloatImage> images, List<Double> strengths) {
    public StartImages {
      images = List.copyOf(images);
      strengths = List.copyOf(strengths);
      Checks.argument(
          !images.isEmpty() && !strengths.isEmpty(),
          "start images",
          "at least one and a strength",
          images.size() + " and " + strengths.size());
      for (double strength : strengths) {
        if (!(strength > 0 && strength <= 1)) {
          throw new IllegalArgumentException(
              "strength: expected a number in (0, 1], found " + strength);
        }
      }
    }

    /**
     * Images that all go the same way.
     *
     * @param images one for all samples, or one for each
     * @param strength the share of the denoiser's calls that is made, in (0, 1]
     */
    public StartImages(List<FloatImage> images, double strength) {
      this(images, List.of(strength));
    }

    /** The image that a sample starts from. */
    FloatImage of(int index) {
      return images.size() == 1 ? images.get(0) : images.get(index);
    }

    /** The same for one sample. */
    StartImages only(int index) {
      return new StartImages(List.of(of(index)), strengthOf(index));
    }

    /** The share of the denoiser's calls that is made for a sample. */
    double strengthOf(int index) {
      return strengths.size() == 1 ? strengths.get(0) : strengths.get(index);
    }

    /** Refuses images that do not fit the samples. */
    void requireFitting(ImageShape shape, int count) {
      GivenImages.requireFitting("start image", images, shape, count);
      GivenImages.requireCount("strength", strengths.size(), count);
    }
  }
}
