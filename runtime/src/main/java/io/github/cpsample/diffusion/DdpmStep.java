package io.github.cpsample.diffusion;

import io.github.cpsample.protection.ScoreShift;

/** One step of DDPM. */
final class DdpmStep implements SamplerStep {
  private final PredictionType type;
  private final boolean clipSample;
  private final double range;
  private final DdpmTransition move;

  DdpmStep(PredictionType type, boolean clipSample, double range, DdpmTransition move) {
    this.type = type;
    this.clipSample = clipSample;
    this.range = range;
    this.move = move;
  }

  @Override
  public double timestep() {
    return move.timestep;
  }

  @Override
  public double alphasCumprod() {
    return move.abar;
  }

  @Override
  public boolean usesNoise() {
    return move.sigma > 0;
  }

  @Override
  public void advance(SamplerState state, int row, boolean guided) {
    int from = state.offset(row);
    float[] x = state.x();
    for (int i = from; i < from + state.rowSize(); i++) {
      double sample = type.toSample(x[i], state.prediction()[i], move.abar);
      if (clipSample) {
        sample = Math.max(-range, Math.min(range, sample));
      }
      double next = move.ofSample * sample + move.ofState * x[i];
      if (guided) {
        next = ScoreShift.mean(next, move.variance, state.guidance()[i]);
      }
      x[i] = (float) (usesNoise() ? next + move.sigma * state.noise()[i] : next);
    }
  }
}
