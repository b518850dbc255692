package io.github.cpsample.diffusion;

import io.github.cpsample.protection.ScoreShift;

/** One step of DDPM. */
final class DdpmStep implements SamplerStep {
  private final GuidedOutput output;
  private final DdpmTransition move;
  private final DdpmVariance kind;

  DdpmStep(PredictionType type, SampleClipping clipping, DdpmVariance kind, DdpmTransition move) {
    this.kind = kind;
    this.output = new GuidedOutput(type, clipping, move.abar);
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
    return move.addsNoise;
  }

  @Override
  public void advance(SamplerState state, int row, boolean guided) {
    int from = state.offset(row);
    float[] x = state.x();
    double bound = output.bound(state, row);
    boolean shifted = guided && move.abar > 0;
    boolean learned = kind.isLearned();
    for (int i = from; i < from + state.rowSize(); i++) {
      double variance =
          learned ? kind.learned(state.variance()[i], move.variance, move.beta) : move.variance;
      double next = move.ofSample * output.sample(state, i, bound, false) + move.ofState * x[i];
      if (shifted) {
        next = ScoreShift.mean(next, variance, state.guidance()[i]);
      }
      x[i] = (float) (usesNoise() ? next + Math.sqrt(variance) * state.noise()[i] : next);
    }
  }
}
