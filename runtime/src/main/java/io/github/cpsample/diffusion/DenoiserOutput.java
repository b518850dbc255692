package io.github.cpsample.diffusion;

/**
 * What the denoiser's output says about an image at one noise level, bounded and then guided, as
 * combinations. All samplers read it here: guidance enters as the shift of the score at x_t,
 * whatever the denoiser predicts and whatever a sampler computes with.
 *
 * @param type what the denoiser predicts
 * @param clipping how the predicted image is bounded
 * @param level the noise level of x_t
 */
record DenoiserOutput(PredictionType type, SampleClipping clipping, NoiseLevel level) {

  /** The same without a bound. */
  DenoiserOutput unclipped() {
    return new DenoiserOutput(type, SampleClipping.none(), level);
  }

  /** The image x_0 before it is bounded, of state and prediction. */
  Combination unbounded() {
    return type.sample(level);
  }

  /** The image or else the noise. */
  Combination predicted(boolean sample, boolean guided) {
    return sample ? sample(guided) : epsilon(guided);
  }

  /** The image x_0. */
  Combination sample(boolean guided) {
    Combination sample = clipping.active() ? Combination.SAMPLE : unbounded();
    return guided ? shifted(sample, level.guidanceInSample()) : sample;
  }

  /** The noise epsilon, derived anew from an image that is bounded. */
  Combination epsilon(boolean guided) {
    Combination epsilon =
        clipping.active()
            ? Combination.STATE
                .plus(Combination.SAMPLE.times(-level.signal()))
                .times(1 / level.spread())
            : type.epsilon(level);
    return guided ? shifted(epsilon, level.guidanceInEpsilon()) : epsilon;
  }

  /** The denoiser's output itself, which is not bounded. */
  Combination raw(boolean guided) {
    return guided ? shifted(Combination.PREDICTION, type.guidance(level)) : Combination.PREDICTION;
  }

  private static Combination shifted(Combination value, double ofGuidance) {
    return value.plus(Combination.GUIDANCE.times(ofGuidance));
  }
}
