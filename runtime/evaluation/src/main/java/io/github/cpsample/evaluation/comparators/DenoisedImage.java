package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerState;

/**
 * The image x_0 that a denoiser takes x_t for, as the sampler reads it.
 *
 * @param clips whether the sampler clips it to [-1, 1]
 */
record DenoisedImage(boolean clips) {

  /** Of x_t and the predicted noise; a new array. */
  float[] of(SamplerState state, NoiseLevel at) {
    float[] image = PredictionType.EPSILON.toSample(state.x(), state.prediction(), at);
    for (int i = 0; clips && i < image.length; i++) {
      image[i] = Math.max(-1, Math.min(1, image[i]));
    }
    return image;
  }
}
