package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.diffusion.SamplerState;

/** Keeps images away from training images while they are made. Belongs to one thread. */
interface Steering {

  /**
   * Begins with an image.
   *
   * @param random where its noise comes from
   * @param seed of the image
   * @return the pushes of this image, to be asked for once per step
   */
  Pushes open(RandomMode random, long seed);

  /** The pushes of one image. */
  @FunctionalInterface
  interface Pushes {

    /**
     * Looks at an image before a step.
     *
     * @param state x_t and the predicted noise of the image; where it is pushed, its guidance
     *     receives the push, as a gradient by x_t
     * @param at its noise level
     * @param left steps that are left after this one
     * @return whether it is pushed
     */
    boolean push(SamplerState state, NoiseLevel at, int left);
  }
}
