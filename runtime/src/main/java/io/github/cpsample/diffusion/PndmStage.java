package io.github.cpsample.diffusion;

/**
 * One call of the denoiser within an interval of PNDM's beginning: every call moves from the x that
 * the first one kept; the last one moves by the weighted sum of all noises of the interval. The
 * first noise joins the history of the multistep method.
 */
final class PndmStage implements SamplerStep {
  private static final int SAMPLE = 0;
  private static final int SUM = 1;

  private final NoiseLevel level;
  private final GuidedOutput output;
  private final Role role;
  private final int needed;
  private final double share;
  private final double ofState;
  private final double ofNoise;

  /** Where in its interval a call is. */
  enum Role {
    FIRST,
    MIDDLE,
    LAST
  }

  /**
   * @param needed the number of intervals begun, this one among them
   * @param share the weight of this call's noise in the interval's sum
   */
  PndmStage(
      NoiseLevel level,
      GuidedOutput output,
      Role role,
      int needed,
      double share,
      PndmTransfer transfer) {
    this.level = level;
    this.output = output;
    this.role = role;
    this.needed = needed;
    this.share = share;
    this.ofState = transfer.ofState();
    this.ofNoise = transfer.ofNoise();
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
  public boolean mayBegin() {
    return role == Role.FIRST && needed == 1;
  }

  @Override
  public void advance(SamplerState state, int row, boolean guided) {
    double bound = output.bound(state, row);
    int from = state.offset(row);
    int size = state.rowSize();
    int sample = state.keptOffset(row, SAMPLE);
    int sum = state.keptOffset(row, SUM);
    float[] kept = state.kept();
    if (role == Role.FIRST) {
      SolverSpace.EPSILON.remember(output, state, row, guided);
      System.arraycopy(state.x(), from, kept, sample, size);
    }
    if (state.remembered(row) < needed) {
      throw new IllegalStateException(
          "step at timestep "
              + level.timestep
              + ": expected "
              + needed
              + " intervals to have begun, found "
              + state.remembered(row)
              + "; begin at a step whose mayBegin() is true");
    }
    for (int i = 0; i < size; i++) {
      double epsilon = output.epsilon(state, from + i, bound, guided);
      double total = (role == Role.FIRST ? 0 : kept[sum + i]) + share * epsilon;
      kept[sum + i] = (float) total;
      double applied = role == Role.LAST ? total : epsilon;
      state.x()[from + i] = (float) (ofState * kept[sample + i] + ofNoise * applied);
    }
  }
}
