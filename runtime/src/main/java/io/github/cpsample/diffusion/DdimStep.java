package io.github.cpsample.diffusion;

import io.github.cpsample.protection.ScoreShift;

/** One step of DDIM. */
final class DdimStep implements SamplerStep {
  private final PredictionType type;
  private final DdimClipping clipping;
  private final double range;
  private final DdimTransition move;
  private final ScoreShift shift;
  private final double signal;
  private final double spread;

  DdimStep(PredictionType type, DdimClipping clipping, double range, DdimTransition move) {
    this.type = type;
    this.clipping = clipping;
    this.range = range;
    this.move = move;
    this.shift = ScoreShift.at(move.abar);
    this.signal = Math.sqrt(move.abar);
    this.spread = Math.sqrt(1 - move.abar);
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
    boolean rederive =
        clipping == DdimClipping.SAMPLE_AND_EPSILON
            || (clipping == DdimClipping.SAMPLE && guided && spread > 0);
    for (int i = from; i < from + state.rowSize(); i++) {
      double output = state.prediction()[i];
      double sample = type.toSample(x[i], output, move.abar);
      if (clipping != DdimClipping.NONE) {
        sample = Math.max(-range, Math.min(range, sample));
      }
      double epsilon =
          rederive ? (x[i] - signal * sample) / spread : type.toEpsilon(x[i], output, move.abar);
      if (guided) {
        double guidance = state.guidance()[i];
        sample = shift.sample(sample, guidance);
        epsilon = shift.epsilon(epsilon, guidance);
      }
      double next = move.signal * sample + move.direction * epsilon;
      x[i] = (float) (usesNoise() ? next + move.sigma * state.noise()[i] : next);
    }
  }
}
