package io.github.cpsample.diffusion;

/**
 * One step of a method that calls the denoiser several times per interval: the first call keeps x,
 * later ones move from the kept x by a combination of the outputs since.
 */
final class KeptStep implements SamplerStep {
  private final NoiseLevel level;
  private final GuidedOutput output;
  private final SolverSpace space;
  private final Move first;
  private final Move later;
  private final int needed;

  private KeptStep(
      NoiseLevel level,
      GuidedOutput output,
      SolverSpace space,
      Move first,
      Move later,
      int needed) {
    this.level = level;
    this.output = output;
    this.space = space;
    this.first = first;
    this.later = later;
    this.needed = needed;
  }

  /** A step that begins an interval: keeps x and moves by its own output alone. */
  static KeptStep first(NoiseLevel level, GuidedOutput output, SolverSpace space, Move move) {
    return new KeptStep(level, output, space, move, null, 0);
  }

  /**
   * A step within an interval. Begins a new interval where fewer outputs than it needs are
   * remembered.
   *
   * @param needed how many outputs, this one among them, the step combines
   * @param alone the move of a new interval, or null if none can begin here
   */
  static KeptStep later(
      NoiseLevel level, GuidedOutput output, SolverSpace space, Move move, int needed, Move alone) {
    return new KeptStep(level, output, space, alone, move, needed);
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
    return (later == null ? first : later).usesNoise();
  }

  @Override
  public boolean mayBegin() {
    return first != null;
  }

  @Override
  public void advance(SamplerState state, int row, boolean guided) {
    space.remember(output, state, row, guided);
    int kept = state.keptOffset(row, 0);
    if (later != null && state.remembered(row) >= needed) {
      later.apply(state, row, state.kept(), kept);
      return;
    }
    if (first == null) {
      throw new IllegalStateException(
          "step at timestep "
              + level.timestep
              + ": expected the step before it to have been taken, found none; begin at a step whose"
              + " mayBegin() is true");
    }
    System.arraycopy(state.x(), state.offset(row), state.kept(), kept, state.rowSize());
    first.apply(state, row, state.x(), state.offset(row));
  }
}
