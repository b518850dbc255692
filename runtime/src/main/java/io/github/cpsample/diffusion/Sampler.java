package io.github.cpsample.diffusion;

/**
 * One trajectory from noise to image: which timesteps it visits, and how a step turns x_t into the
 * next, less noisy sample.
 *
 * <p>Rows are independent of one another. An instance belongs to one trajectory; samplers that keep
 * a history keep it here. Not thread-safe unless an implementation says so.
 */
public interface Sampler {

  /**
   * The number of steps.
   *
   * @return at least 1
   */
  int steps();

  /**
   * The original timestep that denoiser and classifier receive at a step.
   *
   * @param step in [0,steps)
   * @return the timestep, in [0,T), possibly fractional
   */
  double timestep(int step);

  /**
   * Whether a step reads noise.
   *
   * @param step in [0,steps)
   * @return whether {@link SampleRows#noise} must be filled
   */
  boolean drawsNoise(int step);

  /**
   * Takes one step for one row; x_t is overwritten. Allocates nothing.
   *
   * @param step in [0,steps), each once and in order
   * @param rows the arrays
   * @param row which row
   * @param guided whether the row's guidance is added to the score
   */
  void step(int step, SampleRows rows, int row, boolean guided);
}
