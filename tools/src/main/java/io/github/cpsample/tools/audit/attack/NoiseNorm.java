package io.github.cpsample.tools.audit.attack;

/**
 * SimA (Rao, Qu and Moyer 2025, arXiv 2509.25003): the norm {@code |eps(x, t)|_2} of the model's
 * noise in the image itself, neither noised nor scaled. A denoiser points to a mean of the training
 * images nearby, so it finds little to remove in one of them.
 */
public final class NoiseNorm implements MembershipAttack {

  private final int timestep;

  /**
   * Fixes the settings.
   *
   * @param levels of the model
   * @param timestep t
   * @throws IllegalArgumentException if t is out of range
   */
  public NoiseNorm(SignalLevels levels, int timestep) {
    this.timestep = levels.requireTimestep("timestep", timestep);
  }

  @Override
  public String name() {
    return "SimA (t=" + timestep + ")";
  }

  @Override
  public int queries() {
    return 1;
  }

  @Override
  public double[] scores(NoisePredictor model, float[] images, int rows) {
    Batch batch = new Batch(model, images, rows);
    float[] epsilon = batch.epsilon(batch.images(), timestep);
    double[] squares = batch.sums(i -> (double) epsilon[i] * epsilon[i]);
    for (int row = 0; row < rows; row++) {
      squares[row] = Math.sqrt(squares[row]);
    }
    return squares;
  }
}
