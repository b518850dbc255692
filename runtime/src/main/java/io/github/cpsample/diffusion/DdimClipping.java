package io.github.cpsample.diffusion;

/** How DDIM clips the predicted image x_0. */
public enum DdimClipping {
  /** Not at all; for latents. */
  NONE,
  /**
   * x_0 is clipped and epsilon stays what the denoiser implies. A guided row derives epsilon anew
   * from the clipped x_0 before it is shifted, as guided diffusion needs it.
   */
  SAMPLE,
  /**
   * x_0 is clipped and epsilon is derived anew from it on every row, so that guidance 0 changes
   * nothing.
   */
  SAMPLE_AND_EPSILON;

  /** Checks the bound of clipping, of DDPM also. */
  static void requireRange(double clipSampleRange) {
    if (!(clipSampleRange > 0 && clipSampleRange < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "clipSampleRange: expected a finite, positive number, found " + clipSampleRange);
    }
  }
}
