package io.github.cpsample.diffusion;

/** One step of DDIM. */
final class DdimStep implements SamplerStep {
  private final DdimTransition move;
  private final GuidedOutput bounded;
  private final GuidedOutput asPredicted;
  private final boolean rederives;
  private final boolean rederivesGuided;

  DdimStep(PredictionType type, DdimClipping clipping, SampleClipping bound, DdimTransition move) {
    this.move = move;
    this.asPredicted = new GuidedOutput(type, SampleClipping.none(), move.abar);
    this.bounded =
        clipping == DdimClipping.NONE ? asPredicted : new GuidedOutput(type, bound, move.abar);
    this.rederives = clipping == DdimClipping.SAMPLE_AND_EPSILON;
    this.rederivesGuided = rederives || (clipping == DdimClipping.SAMPLE && move.abar < 1);
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
    double bound = bounded.bound(state, row);
    GuidedOutput noise = (guided ? rederivesGuided : rederives) ? bounded : asPredicted;
    for (int i = from; i < from + state.rowSize(); i++) {
      double sample = bounded.sample(state, i, bound, guided);
      double epsilon = noise.epsilon(state, i, bound, guided);
      double next = move.signal * sample + move.direction * epsilon;
      x[i] = (float) (usesNoise() ? next + move.sigma * state.noise()[i] : next);
    }
  }
}
