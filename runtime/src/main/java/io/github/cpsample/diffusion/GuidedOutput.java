package io.github.cpsample.diffusion;

import io.github.cpsample.protection.ScoreShift;

/**
 * What the denoiser's output says about an image at one noise level, bounded and then guided. All
 * solvers read it here: guidance enters as the shift of the score at x_t, whatever the denoiser
 * predicts and whatever a solver computes with.
 */
final class GuidedOutput {
  private final PredictionType type;
  private final SampleClipping clipping;
  private final ScoreShift shift;
  private final double abar;
  private final Mixing mixing;
  private final boolean clips;

  GuidedOutput(PredictionType type, SampleClipping clipping, double abar) {
    this.type = type;
    this.clipping = clipping;
    this.abar = abar;
    this.shift = ScoreShift.at(abar);
    this.mixing = Mixing.at(abar);
    this.clips = clipping.active();
  }

  double abar() {
    return abar;
  }

  /** The bound of one image's values; asked for once per image and step. */
  double bound(SamplerState state, int row) {
    if (!clipping.needsImage()) {
      return clipping.range();
    }
    double[] magnitudes = new double[state.rowSize()];
    int from = state.offset(row);
    for (int i = 0; i < magnitudes.length; i++) {
      magnitudes[i] =
          Math.abs(type.toSample(state.x()[from + i], state.prediction()[from + i], mixing));
    }
    return clipping.bound(magnitudes);
  }

  /** One value of the image x_0. */
  double sample(SamplerState state, int index, double bound, boolean guided) {
    double sample = bounded(state, index, bound);
    return guided ? shift.sample(sample, state.guidance()[index]) : sample;
  }

  /** One value of the noise epsilon. */
  double epsilon(SamplerState state, int index, double bound, boolean guided) {
    double x = state.x()[index];
    double epsilon =
        clips
            ? (x - mixing.signal() * bounded(state, index, bound)) * mixing.perSpread()
            : type.toEpsilon(x, state.prediction()[index], mixing);
    return guided ? shift.epsilon(epsilon, state.guidance()[index]) : epsilon;
  }

  private double bounded(SamplerState state, int index, double bound) {
    double sample = type.toSample(state.x()[index], state.prediction()[index], mixing);
    return clips ? clipping.apply(sample, bound) : sample;
  }
}
