package io.github.cpsample.evaluation.attack;

import io.github.cpsample.base.Checks;
import io.github.cpsample.diffusion.NoiseSchedule;

/** The fraction of signal variance at every training timestep. Immutable. */
public final class SignalLevels {

  private final double[] alphasCumprod;

  private SignalLevels(double[] alphasCumprod) {
    this.alphasCumprod = alphasCumprod;
  }

  /**
   * Those that the model was trained with.
   *
   * @param schedule the model's schedule
   * @return its levels
   */
  public static SignalLevels of(NoiseSchedule schedule) {
    double[] levels = new double[schedule.trainTimesteps()];
    for (int t = 0; t < levels.length; t++) {
      levels[t] = schedule.alphasCumprod(t);
    }
    return new SignalLevels(levels);
  }

  /**
   * Those of given betas, {@code prod (1 - beta)} in double, as the published attacks compute them.
   *
   * @param betas one per timestep, each in (0, 1); not modified
   * @return their levels
   * @throws IllegalArgumentException if a beta is out of range
   */
  public static SignalLevels ofBetas(double[] betas) {
    double[] levels = new double[betas.length];
    double product = 1;
    for (int t = 0; t < levels.length; t++) {
      if (!(betas[t] > 0 && betas[t] < 1)) {
        throw new IllegalArgumentException(
            "betas: expected numbers in (0, 1), found " + betas[t] + " at timestep " + t);
      }
      product *= 1 - betas[t];
      levels[t] = product;
    }
    return new SignalLevels(levels);
  }

  /**
   * The level at a timestep.
   *
   * @param timestep in [0, T - 1]
   * @return abar
   */
  public double at(int timestep) {
    return alphasCumprod[requireTimestep("timestep", timestep)];
  }

  int requireTimestep(String name, int timestep) {
    Checks.argument(
        timestep >= 0 && timestep < alphasCumprod.length,
        name,
        "a number in [0, " + (alphasCumprod.length - 1) + "]",
        timestep);
    return timestep;
  }
}
