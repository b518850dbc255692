package io.github.cpsample.diffusion;

import io.github.cpsample.diffusion.DdpmConfig.Variance;

/**
 * Ancestral sampling (Ho et al., 2020, arXiv 2006.11239, equation 7, for any two timesteps):
 *
 * <pre>
 * alpha = abar / abar_prev, beta = 1 - alpha
 * mean  = sqrt(abar_prev) beta / (1 - abar) x0 + sqrt(alpha) (1 - abar_prev) / (1 - abar) x
 * x_prev = mean + sqrt(variance) z
 * </pre>
 *
 * <p>Guidance follows condition_mean of guided-diffusion: the mean moves by variance times g. Keeps
 * no history: immutable and thread-safe.
 */
public final class DdpmSampler implements Sampler {

  private static final double LEAST_VARIANCE = 1e-20;

  private final DdpmConfig config;
  private final double[] abar;
  private final double[] abarPrevious;

  /**
   * Plans a trajectory.
   *
   * @param config how to sample
   * @param schedule the denoiser's noise schedule
   */
  public DdpmSampler(DdpmConfig config, NoiseSchedule schedule) {
    this.config = config;
    this.abar = new double[config.timesteps().size()];
    this.abarPrevious = new double[abar.length];
    for (int i = 0; i < abar.length; i++) {
      int t = config.timesteps().get(i);
      if (t < 0 || t >= schedule.trainTimesteps()) {
        throw new IllegalArgumentException(
            "Timesteps: expected numbers in [0,"
                + (schedule.trainTimesteps() - 1)
                + "], found "
                + t);
      }
      abar[i] = schedule.alphasCumprod(t);
      abarPrevious[i] = config.previous(i) >= 0 ? schedule.alphasCumprod(config.previous(i)) : 1;
    }
  }

  @Override
  public int steps() {
    return abar.length;
  }

  @Override
  public double timestep(int step) {
    return config.timesteps().get(step);
  }

  @Override
  public boolean drawsNoise(int step) {
    return config.timesteps().get(step) > 0;
  }

  /**
   * The variance of a step.
   *
   * @param step in [0,steps)
   * @return at least 1e-20
   */
  public double variance(int step) {
    double beta = 1 - abar[step] / abarPrevious[step];
    double posterior = (1 - abarPrevious[step]) / (1 - abar[step]) * beta;
    return Math.max(config.variance() == Variance.FIXED_SMALL ? posterior : beta, LEAST_VARIANCE);
  }

  @Override
  public void step(int step, SampleRows rows, int row, boolean guided) {
    double a = abar[step];
    double previous = abarPrevious[step];
    double alpha = a / previous;
    double sampleWeight = Math.sqrt(previous) * (1 - alpha) / (1 - a);
    double xWeight = Math.sqrt(alpha) * (1 - previous) / (1 - a);
    double variance = variance(step);
    double deviation = drawsNoise(step) ? Math.sqrt(variance) : 0;
    for (int i = row * rows.size(); i < (row + 1) * rows.size(); i++) {
      double x = rows.x()[i];
      double raw = config.prediction().sample(a, x, rows.prediction()[i]);
      double sample = config.clip() ? Math.max(-1, Math.min(1, raw)) : raw;
      double mean = sampleWeight * sample + xWeight * x;
      if (guided) {
        mean = ScoreShift.mean(mean, variance, rows.guidance()[i]);
      }
      rows.x()[i] = (float) (deviation > 0 ? mean + deviation * rows.noise()[i] : mean);
    }
  }
}
