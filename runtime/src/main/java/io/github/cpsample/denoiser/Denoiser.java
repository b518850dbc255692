package io.github.cpsample.denoiser;

import io.github.cpsample.diffusion.SamplerState;

/**
 * A denoiser with everything it is conditioned on, for the batches of one request. Belongs to one
 * thread; does not own the networks that it runs.
 */
public interface Denoiser {
  /**
   * Predicts for the first rows of a batch.
   *
   * @param state the images x_t, [N,C,H,W] in the variance-preserving scale; receives the
   *     prediction and, where the denoiser learned a variance and the state has room for it, the
   *     variance of those rows
   * @param rows how many images, in [1, N]
   * @param timestep the original training timestep of all of them, may be fractional
   * @throws io.github.cpsample.inference.InferenceException if the network fails
   */
  void predict(SamplerState state, int rows, double timestep);
}
