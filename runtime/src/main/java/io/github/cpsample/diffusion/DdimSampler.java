package io.github.cpsample.diffusion;

/**
 * Denoising diffusion implicit models (Song et al., 2021, arXiv 2010.02502, equation 12):
 *
 * <pre>
 * x_prev = sqrt(abar_prev) x0 + sqrt(1 - abar_prev - sigma^2) eps + sigma z
 * sigma  = eta sqrt((1 - abar_prev) / (1 - abar)) sqrt(1 - abar / abar_prev)
 * </pre>
 *
 * <p>Guidance follows condition_score of guided-diffusion: x0 is clipped first, then eps and x0 are
 * shifted, and x0 is not clipped again. Keeps no history: immutable and thread-safe.
 */
public final class DdimSampler implements Sampler {

  private final DdimConfig config;
  private final int[] timesteps;
  private final double[] abar;
  private final double[] abarPrevious;

  /**
   * Plans a trajectory.
   *
   * @param config how to sample
   * @param schedule the denoiser's noise schedule
   */
  public DdimSampler(DdimConfig config, NoiseSchedule schedule) {
    this.config = config;
    int total = schedule.trainTimesteps();
    this.timesteps = config.spacing().timesteps(total, config.steps(), config.stepsOffset());
    this.abar = new double[timesteps.length];
    this.abarPrevious = new double[timesteps.length];
    double last = config.setAlphaToOne() ? 1 : schedule.alphasCumprod(0);
    for (int i = 0; i < timesteps.length; i++) {
      int previous = timesteps[i] - total / config.steps();
      abar[i] = schedule.alphasCumprod(timesteps[i]);
      abarPrevious[i] = previous >= 0 ? schedule.alphasCumprod(previous) : last;
    }
  }

  @Override
  public int steps() {
    return timesteps.length;
  }

  @Override
  public double timestep(int step) {
    return timesteps[step];
  }

  /**
   * The variance of the noise that a step with eta = 1 adds.
   *
   * @param abar alphasCumprod before the step
   * @param abarPrevious alphasCumprod after it
   * @return (1 - abar_prev) / (1 - abar) (1 - abar / abar_prev)
   */
  public static double variance(double abar, double abarPrevious) {
    return (1 - abarPrevious) / (1 - abar) * (1 - abar / abarPrevious);
  }

  private double sigma(int step) {
    return config.eta() * Math.sqrt(variance(abar[step], abarPrevious[step]));
  }

  @Override
  public boolean drawsNoise(int step) {
    return sigma(step) > 0;
  }

  @Override
  public void step(int step, SampleRows rows, int row, boolean guided) {
    double a = abar[step];
    double signal = Math.sqrt(a);
    double noise = Math.sqrt(1 - a);
    double sigma = sigma(step);
    double keep = Math.sqrt(abarPrevious[step]);
    double direction = Math.sqrt(Math.max(0, 1 - abarPrevious[step] - sigma * sigma));
    for (int i = row * rows.size(); i < (row + 1) * rows.size(); i++) {
      double x = rows.x()[i];
      double raw = config.prediction().sample(a, x, rows.prediction()[i]);
      double sample = config.clip() ? Math.max(-1, Math.min(1, raw)) : raw;
      double epsilon = (x - signal * (config.rederiveEpsilon() ? sample : raw)) / noise;
      if (guided) {
        double g = rows.guidance()[i];
        sample = ScoreShift.sample(a, sample, g);
        epsilon = ScoreShift.epsilon(a, epsilon, g);
      }
      double next = keep * sample + direction * epsilon;
      rows.x()[i] = (float) (sigma > 0 ? next + sigma * rows.noise()[i] : next);
    }
  }
}
