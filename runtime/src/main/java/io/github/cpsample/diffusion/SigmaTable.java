package io.github.cpsample.diffusion;

/**
 * The noise levels {@code sigma_t = sqrt((1 - abar_t) / abar_t)} of all training timesteps, in
 * float32 as PyTorch implementations tabulate them.
 */
final class SigmaTable {
  /** Stands in for abar = 0, as in diffusers, so that sigma stays finite. */
  private static final float IN_PLACE_OF_ZERO = 0x1p-24f;

  private static final double LEAST_SIGMA = 1e-10;

  private final float[] sigmas;
  private final float[] logs;

  private SigmaTable(float[] sigmas) {
    this.sigmas = sigmas;
    this.logs = new float[sigmas.length];
    for (int t = 0; t < sigmas.length; t++) {
      logs[t] = (float) Math.log(sigmas[t]);
    }
  }

  static SigmaTable of(NoiseSchedule schedule) {
    float[] sigmas = new float[schedule.trainTimesteps()];
    for (int t = 0; t < sigmas.length; t++) {
      float tabulated = (float) schedule.alphasCumprod(t);
      float abar = tabulated == 0 ? IN_PLACE_OF_ZERO : tabulated;
      sigmas[t] = (float) Math.sqrt((1 - abar) / abar);
    }
    return new SigmaTable(sigmas);
  }

  int trainTimesteps() {
    return sigmas.length;
  }

  double least() {
    return sigmas[0];
  }

  double greatest() {
    return sigmas[sigmas.length - 1];
  }

  /** Linear between the entries. */
  double at(double timestep) {
    int below = (int) timestep;
    double fraction = timestep - below;
    return fraction == 0
        ? sigmas[below]
        : (1 - fraction) * sigmas[below] + fraction * sigmas[below + 1];
  }

  /** The timestep of a noise level, interpolated in log sigma and kept within the table. */
  double timestepOf(double sigma) {
    if (sigmas.length == 1) {
      return 0;
    }
    double log = Math.log(Math.max(sigma, LEAST_SIGMA));
    int low = 0;
    while (low < sigmas.length - 2 && logs[low + 1] <= log) {
      low++;
    }
    double fraction = (log - logs[low]) / ((double) logs[low + 1] - logs[low]);
    return low + Math.max(0, Math.min(1, fraction));
  }

  /** How many timesteps have {@code lambda = -log sigma} of at least a bound; they come first. */
  int countAbove(double leastLambda) {
    int count = sigmas.length;
    while (count > 0 && -logs[count - 1] < leastLambda) {
      count--;
    }
    return count;
  }
}
