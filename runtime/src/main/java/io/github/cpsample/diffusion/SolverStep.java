package io.github.cpsample.diffusion;

/**
 * One step of a linear multistep method: the output at this level joins the remembered ones, and x
 * moves by a combination of them. How many are remembered decides the order, so that a trajectory
 * may begin anywhere.
 */
final class SolverStep implements SamplerStep {
  private final NoiseLevel level;
  private final GuidedOutput output;
  private final SolverSpace space;
  private final int needed;
  private final Move[] moves;

  /**
   * @param moves the moves for one remembered output, two, and so on; the last one for more also
   */
  SolverStep(NoiseLevel level, GuidedOutput output, SolverSpace space, Move... moves) {
    this(level, output, space, 1, moves);
  }

  /**
   * @param needed the least number of outputs to combine, this one among them
   * @param moves the moves for one remembered output, two, and so on; the last one for more also
   */
  SolverStep(NoiseLevel level, GuidedOutput output, SolverSpace space, int needed, Move... moves) {
    this.level = level;
    this.output = output;
    this.space = space;
    this.needed = needed;
    this.moves = moves;
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
    return moves[0].usesNoise();
  }

  @Override
  public boolean mayBegin() {
    return needed == 1;
  }

  @Override
  public void advance(SamplerState state, int row, boolean guided) {
    space.remember(output, state, row, guided);
    if (state.remembered(row) < needed) {
      throw new IllegalStateException(
          "step at timestep "
              + level.timestep
              + ": expected "
              + (needed - 1)
              + " steps before it, found "
              + (state.remembered(row) - 1)
              + "; begin at a step whose mayBegin() is true");
    }
    Move move = moves[Math.min(state.remembered(row), moves.length) - 1];
    move.apply(state, row, state.x(), state.offset(row));
  }
}
