package io.github.cpsample.diffusion;

/**
 * One step of a sampler: one call of the denoiser at one noise level and the update that follows. A
 * method that calls the denoiser several times per interval is a sequence of such steps. Immutable,
 * safe to share between threads that work on different rows.
 */
public interface SamplerStep {
  /**
   * The original training timestep that denoiser and classifier receive.
   *
   * @return in [0, T - 1], may be fractional
   */
  double timestep();

  /**
   * The fraction of signal variance of the x that enters this step.
   *
   * @return abar, in [0, 1]
   */
  double alphasCumprod();

  /**
   * Whether {@link #advance} reads the noise buffer, which then must hold fresh standard normal
   * numbers.
   *
   * @return false where the step is deterministic
   */
  boolean usesNoise();

  /**
   * Whether a trajectory may begin at this step, with nothing remembered.
   *
   * @return false inside of an interval for which the denoiser is called several times
   */
  default boolean mayBegin() {
    return true;
  }

  /**
   * Replaces one image's x by the next one.
   *
   * @param state the buffers, made for the sampler's memory; x of this row and what is remembered
   *     of it are modified, nothing else
   * @param row the image, in [0, N)
   * @param guided whether the guidance buffer of this row is applied
   */
  void advance(SamplerState state, int row, boolean guided);
}
