package io.github.cpsample.evaluation.attack;

/**
 * The model as an attacker sees it. {@code NoisePredictions.epsilon} of the runtime is one,
 * protected or not.
 */
@FunctionalInterface
public interface NoisePredictor {

  /**
   * Predicts the noise in some images.
   *
   * @param images x_t, [N,C,H,W] row-major; not modified
   * @param rows the number N of images
   * @param timestep the training timestep of all of them
   * @return epsilon, a new array, [N,C,H,W], finite
   */
  float[] epsilon(float[] images, int rows, double timestep);
}
