package io.github.cpsample.diffusion;

/**
 * One step of UniPC: the output at the predicted x first corrects the move that led there, then
 * predicts the next one. The score is guided at the predicted x, where the denoiser saw it.
 */
final class UniPcStep implements SamplerStep {
  private final NoiseLevel level;
  private final GuidedOutput output;
  private final SolverSpace space;
  private final Move[] predictors;
  private final Move[] correctors;

  /**
   * @param predictors the moves for one remembered output, two, and so on
   * @param correctors the corrections of a move made with one remembered output, two, and so on;
   *     none where nothing is corrected
   */
  UniPcStep(
      NoiseLevel level,
      GuidedOutput output,
      SolverSpace space,
      Move[] predictors,
      Move[] correctors) {
    this.level = level;
    this.output = output;
    this.space = space;
    this.predictors = predictors;
    this.correctors = correctors;
  }

  @Override
  public double timestep() {
    return level.timestep;
  }

  @Override
  public double alphasCumprod() {
    return level.abar();
  }

  @Override
  public boolean usesNoise() {
    return false;
  }

  @Override
  public void advance(SamplerState state, int row, boolean guided) {
    space.remember(output, state, row, guided);
    int before = state.remembered(row) - 1;
    int kept = state.keptOffset(row, 0);
    if (before > 0 && correctors.length > 0) {
      Move corrector = correctors[Math.min(before, correctors.length) - 1];
      corrector.apply(state, row, state.kept(), kept);
    }
    int from = state.offset(row);
    System.arraycopy(state.x(), from, state.kept(), kept, state.rowSize());
    int usable = Math.min(state.remembered(row), predictors.length);
    predictors[usable - 1].apply(state, row, state.x(), from);
  }
}
