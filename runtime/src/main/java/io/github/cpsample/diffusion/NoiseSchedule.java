package io.github.cpsample.diffusion;

/**
 * How much noise a sample holds at every timestep: x_t = sqrt(abar_t) x_0 + sqrt(1-abar_t) e with
 * abar_t = prod_{i=0..t} (1-beta_i) (Ho et al., 2020, arXiv 2006.11239).
 *
 * <p>Betas are float32, products are accumulated in double and stored as float32: published sampler
 * values can be matched with such tables only. Immutable and thread-safe.
 */
public final class NoiseSchedule {

  private static final double COSINE_OFFSET = 0.008;
  private static final double LARGEST_BETA = 0.999;

  private final float[] betas;
  private final float[] alphasCumprod;

  private NoiseSchedule(float[] betas) {
    if (betas.length == 0) {
      throw new IllegalArgumentException("Noise schedule: expected at least one beta, found none");
    }
    this.betas = betas;
    this.alphasCumprod = new float[betas.length];
    double product = 1;
    for (int t = 0; t < betas.length; t++) {
      if (!(betas[t] >= 0 && betas[t] <= 1)) {
        throw new IllegalArgumentException(
            "Noise schedule: expected beta in [0,1], found " + betas[t] + " at timestep " + t);
      }
      product *= 1f - betas[t];
      alphasCumprod[t] = (float) product;
    }
  }

  /**
   * Betas equally spaced from first to last.
   *
   * @param trainTimesteps T
   * @param betaStart beta_0
   * @param betaEnd beta_{T-1}
   * @return the schedule
   */
  public static NoiseSchedule linear(int trainTimesteps, double betaStart, double betaEnd) {
    return new NoiseSchedule(equallySpaced(trainTimesteps, (float) betaStart, (float) betaEnd));
  }

  /**
   * Squares of equally spaced square roots, as latent diffusion models use.
   *
   * @param trainTimesteps T
   * @param betaStart beta_0
   * @param betaEnd beta_{T-1}
   * @return the schedule
   */
  public static NoiseSchedule scaledLinear(int trainTimesteps, double betaStart, double betaEnd) {
    float[] roots =
        equallySpaced(trainTimesteps, (float) Math.sqrt(betaStart), (float) Math.sqrt(betaEnd));
    for (int t = 0; t < roots.length; t++) {
      roots[t] *= roots[t];
    }
    return new NoiseSchedule(roots);
  }

  /**
   * abar follows cos^2 (Nichol and Dhariwal, 2021, arXiv 2102.09672, equation 17).
   *
   * @param trainTimesteps T
   * @return the schedule
   */
  public static NoiseSchedule squaredCosine(int trainTimesteps) {
    float[] betas = new float[checked(trainTimesteps)];
    for (int t = 0; t < trainTimesteps; t++) {
      double ratio = cosine((t + 1.0) / trainTimesteps) / cosine((double) t / trainTimesteps);
      betas[t] = (float) Math.min(1 - ratio, LARGEST_BETA);
    }
    return new NoiseSchedule(betas);
  }

  private static double cosine(double share) {
    double angle = Math.cos((share + COSINE_OFFSET) / (1 + COSINE_OFFSET) * Math.PI / 2);
    return angle * angle;
  }

  /**
   * A schedule given by its betas.
   *
   * @param betas every beta, in [0,1]; copied
   * @return the schedule
   */
  public static NoiseSchedule ofBetas(float... betas) {
    return new NoiseSchedule(betas.clone());
  }

  /** As torch's linspace in float32: counted from the nearer end. */
  private static float[] equallySpaced(int count, float first, float last) {
    float[] values = new float[checked(count)];
    float step = count == 1 ? 0 : (last - first) / (count - 1);
    for (int i = 0; i < count; i++) {
      values[i] = i < count / 2 ? first + step * i : last - step * (count - 1 - i);
    }
    return values;
  }

  private static int checked(int trainTimesteps) {
    if (trainTimesteps < 1) {
      throw new IllegalArgumentException(
          "Noise schedule: expected at least one timestep, found " + trainTimesteps);
    }
    return trainTimesteps;
  }

  /**
   * The number of timesteps T.
   *
   * @return at least 1
   */
  public int trainTimesteps() {
    return betas.length;
  }

  /**
   * The variance added at a timestep.
   *
   * @param t in [0,T)
   * @return beta_t
   */
  public float beta(int t) {
    return betas[t];
  }

  /**
   * The signal's share of the variance at a timestep.
   *
   * @param t in [0,T)
   * @return abar_t, in [0,1]
   */
  public float alphasCumprod(int t) {
    return alphasCumprod[t];
  }

  /**
   * The signal's share of the variance between timesteps: log abar is interpolated linearly.
   *
   * @param t in [0,T-1]
   * @return abar_t; at integers exactly the table's value
   */
  public double alphasCumprod(double t) {
    if (!(t >= 0 && t <= betas.length - 1)) {
      throw new IllegalArgumentException(
          "Timestep: expected a number in [0," + (betas.length - 1) + "], found " + t);
    }
    int below = (int) t;
    if (below == t) {
      return alphasCumprod[below];
    }
    double share = t - below;
    return Math.exp(
        (1 - share) * Math.log(alphasCumprod[below]) + share * Math.log(alphasCumprod[below + 1]));
  }
}
