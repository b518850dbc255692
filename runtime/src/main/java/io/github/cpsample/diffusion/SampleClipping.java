package io.github.cpsample.diffusion;

import io.github.cpsample.base.Checks;
import java.util.Arrays;
import java.util.Objects;

/**
 * How a solver bounds the predicted image before guidance enters. Noise is then derived anew from
 * the bounded image.
 *
 * @param kind what is done
 * @param range the bound of {@link Kind#RANGE}, the greatest bound of {@link Kind#DYNAMIC}; finite
 *     and positive
 * @param ratio the share of an image's values that {@link Kind#DYNAMIC} leaves alone, in [0, 1]
 */
public record SampleClipping(Kind kind, double range, double ratio) {
  /** The ways of bounding. */
  public enum Kind {
    /** Not at all; for latents. */
    NONE,
    /** Values are clipped to [-range, range]. */
    RANGE,
    /**
     * Dynamic thresholding (Saharia et al. 2022, section 2.3): values are clipped to the quantile s
     * of their magnitudes, kept within [1, range], and divided by s.
     */
    DYNAMIC
  }

  public SampleClipping {
    Objects.requireNonNull(kind, "kind");
    DdimConfig.Clipping.requireRange(range);
    Checks.argument(ratio >= 0 && ratio <= 1, "ratio", "a number in [0, 1]", ratio);
  }

  /**
   * No bound.
   *
   * @return the setting
   */
  public static SampleClipping none() {
    return new SampleClipping(Kind.NONE, 1, 1);
  }

  /**
   * A fixed bound.
   *
   * @param range finite and positive
   * @return the setting
   */
  public static SampleClipping toRange(double range) {
    return new SampleClipping(Kind.RANGE, range, 1);
  }

  /**
   * Dynamic thresholding.
   *
   * @param ratio the share of values that are left alone, in [0, 1]
   * @param greatest the greatest bound; at 1 values are clipped to [-1, 1]
   * @return the setting
   */
  public static SampleClipping dynamic(double ratio, double greatest) {
    return new SampleClipping(Kind.DYNAMIC, greatest, ratio);
  }

  /** Whether anything is done. */
  boolean active() {
    return kind != Kind.NONE;
  }

  /** Whether the bound depends on the image. */
  boolean needsImage() {
    return kind == Kind.DYNAMIC && range > 1;
  }

  /** The bound of an image. */
  double bound(double[] magnitudes) {
    Arrays.sort(magnitudes);
    double position = ratio * (magnitudes.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, magnitudes.length - 1);
    double quantile =
        magnitudes[below] + (position - below) * (magnitudes[above] - magnitudes[below]);
    return Math.min(range, Math.max(1, quantile));
  }

  /** One value, bounded. */
  double apply(double value, double bound) {
    return switch (kind) {
      case NONE -> value;
      case RANGE -> clamp(value, bound);
      case DYNAMIC -> clamp(value, bound) / bound;
    };
  }

  /** Not a number stays so. Faster than the functions of Math, which also order signed zeros. */
  private static double clamp(double value, double bound) {
    return value > bound ? bound : value < -bound ? -bound : value;
  }
}
