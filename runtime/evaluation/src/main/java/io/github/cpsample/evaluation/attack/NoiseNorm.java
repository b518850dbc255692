package io.github.cpsample.evaluation.attack;

import io.github.cpsample.base.Checks;

/**
 * SimA (Rao, Qu and Moyer 2025, arXiv 2509.25003): the norm {@code |eps(x, t)|_p} of the model's
 * noise in the image itself, neither noised nor scaled. A denoiser points to a mean of the training
 * images nearby, so it finds little to remove in one of them. The published code leaves the root
 * out, which changes no order, and tries many t; here t is fixed.
 */
public final class NoiseNorm implements MembershipAttack {

  /** p of the published code. */
  public static final int USUAL_POWER = 4;

  private final int timestep;
  private final int power;

  /**
   * Fixes the settings.
   *
   * @param levels of the model
   * @param timestep t
   * @param power p, at least 1
   * @throws IllegalArgumentException if a number is out of range
   */
  public NoiseNorm(SignalLevels levels, int timestep, int power) {
    this.timestep = levels.requireTimestep("timestep", timestep);
    Checks.atLeast("power", power, 1);
    this.power = power;
  }

  @Override
  public String name() {
    return "SimA (t=" + timestep + ", p=" + power + ")";
  }

  @Override
  public int queries() {
    return 1;
  }

  @Override
  public double[] scores(NoisePredictor model, float[] images, int rows) {
    Batch batch = new Batch(model, images, rows);
    float[] epsilon = batch.epsilon(batch.images(), timestep);
    double[] norms = batch.sums(i -> Math.pow(Math.abs((double) epsilon[i]), power));
    for (int row = 0; row < rows; row++) {
      norms[row] = Math.pow(norms[row], 1.0 / power);
    }
    return norms;
  }
}
