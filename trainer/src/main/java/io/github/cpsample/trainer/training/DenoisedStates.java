package io.github.cpsample.trainer.training;

import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.image.ImageShape;

/**
 * The denoiser that a classifier is to guard, as far as the classifier's training needs it: what it
 * makes of noised images, and images sampled from it. Belongs to one thread.
 */
public interface DenoisedStates {

  /** Is shown what sampling makes. */
  interface Visitor {
    /**
     * A step of an image's trajectory.
     *
     * @param image which image, from 0
     * @param timestep in [0, T - 1]
     * @param noised x_t, [C,H,W]; given away
     * @param denoised x_0, as {@link DenoisedStates#denoise} gives it; given away
     */
    default void state(int image, double timestep, float[] noised, float[] denoised) {}

    /**
     * An image is finished; its states came before.
     *
     * @param image which image, from 0, in order
     * @param values [C,H,W]; given away
     */
    void finished(int image, float[] values);
  }

  /**
   * The denoiser's noise schedule.
   *
   * @return the schedule
   */
  NoiseScheduleConfig schedule();

  /**
   * The shape of what it denoises.
   *
   * @return [C,H,W]; of latents, where the model has them
   */
  ImageShape shape();

  /**
   * Tells denoisers apart, so that what one made is not taken for another's.
   *
   * @return for instance a hash of its file
   */
  String fingerprint();

  /**
   * The image that the denoiser sees in x_t: {@code x_0 = (x_t - sqrt(1 - abar) epsilon) /
   * sqrt(abar)}, clipped to [-1, 1] unless it is a latent.
   *
   * @param noised x_t, [N,C,H,W]; not modified
   * @param count N
   * @param timestep of all of them, at which abar is above 0
   * @return x_0, a new array
   * @throws io.github.cpsample.inference.InferenceException if the denoiser fails
   */
  float[] denoise(float[] noised, int count, double timestep);

  /**
   * Samples without any protection.
   *
   * @param count how many images
   * @param seed image {@code i} is made from {@code seed + i}
   * @param visitor is shown the images
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   * @throws io.github.cpsample.inference.InferenceException if the denoiser fails
   */
  void sample(int count, long seed, Visitor visitor);
}
