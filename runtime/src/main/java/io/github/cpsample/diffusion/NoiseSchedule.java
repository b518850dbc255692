package io.github.cpsample.diffusion;

import io.github.cpsample.base.Checks;
import java.util.Objects;

/**
 * The table of cumulative signal fractions {@code alphasCumprod[t] = prod_{i<=t} (1 - beta_i)} of a
 * variance-preserving diffusion, {@code x_t = sqrt(abar_t) x_0 + sqrt(1 - abar_t) epsilon}.
 *
 * <p>Betas are rounded to float32, their product is accumulated in double and the table entries are
 * rounded to float32, so that trajectories agree with PyTorch implementations. Immutable and
 * therefore safe to share between threads.
 */
public final class NoiseSchedule {
  private static final double COSINE_OFFSET = 0.008;
  private static final double MAX_COSINE_BETA = 0.999;

  private final float[] betas;
  private final float[] alphasCumprod;
  private final boolean squaredCosine;

  private NoiseSchedule(float[] betas, boolean squaredCosine) {
    this.betas = betas;
    this.squaredCosine = squaredCosine;
    this.alphasCumprod = cumulate(betas);
  }

  private NoiseSchedule(float[] betas) {
    this(betas, false);
  }

  private static float[] cumulate(float[] betas) {
    Checks.argument(betas.length > 0, "betas", "at least one", "none");
    float[] table = new float[betas.length];
    double product = 1;
    for (int t = 0; t < betas.length; t++) {
      boolean last = t == betas.length - 1 && t > 0;
      if (!(betas[t] > 0 && (last ? betas[t] <= 1 : betas[t] < 1))) {
        throw new IllegalArgumentException(
            "betas["
                + t
                + "]: expected a number in (0, 1), or 1 at the last timestep, found "
                + betas[t]);
      }
      product *= 1f - betas[t];
      table[t] = (float) product;
      if (!(table[t] < 1 && (table[t] > 0 || betas[t] == 1))) {
        throw new IllegalArgumentException(
            "alphasCumprod["
                + t
                + "]: expected a number in (0, 1), found "
                + table[t]
                + "; use betas that leave some signal and add some noise");
      }
    }
    return table;
  }

  /**
   * Betas equally spaced: {@code beta_i = betaStart + (betaEnd - betaStart) i / (T - 1)}.
   *
   * @param trainTimesteps the number T of timesteps, positive
   * @param betaStart the first beta, in (0, 1)
   * @param betaEnd the last beta, in (0, 1)
   * @return the schedule
   */
  public static NoiseSchedule linear(int trainTimesteps, double betaStart, double betaEnd) {
    return new NoiseSchedule(equallySpaced(trainTimesteps, betaStart, betaEnd));
  }

  /**
   * Square roots of the betas equally spaced, as in latent diffusion.
   *
   * @param trainTimesteps the number T of timesteps, positive
   * @param betaStart the first beta, in (0, 1)
   * @param betaEnd the last beta, in (0, 1)
   * @return the schedule
   */
  public static NoiseSchedule scaledLinear(int trainTimesteps, double betaStart, double betaEnd) {
    float[] betas = equallySpaced(trainTimesteps, Math.sqrt(betaStart), Math.sqrt(betaEnd));
    for (int i = 0; i < betas.length; i++) {
      betas[i] *= betas[i];
    }
    return new NoiseSchedule(betas);
  }

  /**
   * The squared-cosine schedule of Nichol and Dhariwal (2021): {@code beta_i = min(1 - f((i+1)/T) /
   * f(i/T), 0.999)} with {@code f(u) = cos^2((u + 0.008) / 1.008 * pi / 2)}.
   *
   * @param trainTimesteps the number T of timesteps, positive
   * @return the schedule
   */
  public static NoiseSchedule squaredCosine(int trainTimesteps) {
    float[] betas = new float[requirePositive(trainTimesteps)];
    for (int i = 0; i < betas.length; i++) {
      double ratio =
          cosineSignal((i + 1) / (double) betas.length) / cosineSignal(i / (double) betas.length);
      betas[i] = (float) Math.min(1 - ratio, MAX_COSINE_BETA);
    }
    return new NoiseSchedule(betas, true);
  }

  /** Whether {@link #squaredCosine} made this. */
  boolean isSquaredCosine() {
    return squaredCosine;
  }

  /**
   * The schedule whose last timestep is pure noise (Lin et al. 2024, algorithm 1): {@code
   * sqrt(abar)} is shifted so that its last value is 0, and scaled so that its first one stays. The
   * last beta is then 1 and the last fraction of signal 0, where a denoiser must not predict noise.
   *
   * @return a new schedule
   */
  public NoiseSchedule withZeroTerminalSnr() {
    int count = betas.length;
    Checks.argument(count >= 2, "zero terminal signal", "at least 2 timesteps", count);
    float[] roots = new float[count];
    for (int t = 0; t < count; t++) {
      roots[t] = (float) Math.sqrt(alphasCumprod[t]);
    }
    float first = roots[0];
    float last = roots[count - 1];
    float[] rescaled = new float[count];
    float before = 1;
    for (int t = 0; t < count; t++) {
      float root = (roots[t] - last) * (first / (first - last));
      float bar = root * root;
      rescaled[t] = 1 - bar / before;
      before = bar;
    }
    return new NoiseSchedule(rescaled, squaredCosine);
  }

  /**
   * A schedule of given betas.
   *
   * @param betas one per timestep, each in (0, 1); copied
   * @return the schedule
   */
  public static NoiseSchedule ofBetas(float[] betas) {
    return new NoiseSchedule(Objects.requireNonNull(betas, "betas").clone());
  }

  /**
   * A schedule of given betas, rounded to float32.
   *
   * @param betas one per timestep, each in (0, 1); copied
   * @return the schedule
   */
  public static NoiseSchedule ofBetas(double[] betas) {
    float[] rounded = new float[betas.length];
    for (int i = 0; i < betas.length; i++) {
      rounded[i] = (float) betas[i];
    }
    return new NoiseSchedule(rounded);
  }

  /**
   * The number T of timesteps the denoiser was trained with.
   *
   * @return T; timesteps are 0 to T - 1
   */
  public int trainTimesteps() {
    return alphasCumprod.length;
  }

  /**
   * The noise variance added at one timestep.
   *
   * @param timestep in [0, T - 1]
   * @return the float32 value, widened
   */
  public double beta(int timestep) {
    return betas[requireTimestep(timestep)];
  }

  /**
   * The fraction of signal variance left at a timestep.
   *
   * @param timestep in [0, T - 1]
   * @return the float32 table value, widened, in (0, 1); 0 at a last timestep of pure noise
   */
  public double alphasCumprod(int timestep) {
    return alphasCumprod[requireTimestep(timestep)];
  }

  /**
   * The fraction of signal variance at a fractional timestep. The noise level {@code sigma =
   * sqrt((1 - abar) / abar)} is interpolated linearly between table entries, as variance-exploding
   * samplers do, and turned back: {@code abar = 1 / (1 + sigma^2)}.
   *
   * @param timestep in [0, T - 1]
   * @return the table value at whole timesteps, else between its neighbours
   */
  public double alphasCumprod(double timestep) {
    if (!(timestep >= 0 && timestep <= alphasCumprod.length - 1)) {
      throw new IllegalArgumentException(outOfRange(timestep));
    }
    int below = (int) timestep;
    double fraction = timestep - below;
    if (fraction == 0) {
      return alphasCumprod[below];
    }
    double sigma = (1 - fraction) * sigma(below) + fraction * sigma(below + 1);
    return 1 / (1 + sigma * sigma);
  }

  /**
   * Refuses a denoiser of noise where a timestep is pure noise, which says nothing of the image.
   */
  void requirePredictable(PredictionType type) {
    Checks.argument(
        type != PredictionType.EPSILON || alphasCumprod[alphasCumprod.length - 1] != 0,
        "predictionType",
        "v_prediction or sample with a schedule of zero terminal signal",
        "epsilon");
  }

  private double sigma(int timestep) {
    double abar = alphasCumprod[timestep];
    return Math.sqrt((1 - abar) / abar);
  }

  private int requireTimestep(int timestep) {
    if (timestep < 0 || timestep >= alphasCumprod.length) {
      throw new IllegalArgumentException(outOfRange(timestep));
    }
    return timestep;
  }

  private String outOfRange(double timestep) {
    return "timestep: expected a number in [0, "
        + (alphasCumprod.length - 1)
        + "], found "
        + timestep;
  }

  private static int requirePositive(int trainTimesteps) {
    Checks.atLeast("trainTimesteps", trainTimesteps, 1);
    return trainTimesteps;
  }

  /**
   * In float32 and from both ends towards the middle: bit by bit what {@code torch.linspace} gives.
   */
  private static float[] equallySpaced(int count, double first, double last) {
    float[] values = new float[requirePositive(count)];
    float start = (float) first;
    float end = (float) last;
    float step = count == 1 ? 0 : (end - start) / (count - 1);
    for (int i = 0; i < count; i++) {
      boolean lower = i < count / 2 || count == 1;
      values[i] = lower ? start + step * i : end - step * (count - 1 - i);
    }
    return values;
  }

  private static double cosineSignal(double fraction) {
    double cosine = Math.cos((fraction + COSINE_OFFSET) / (1 + COSINE_OFFSET) * Math.PI / 2);
    return cosine * cosine;
  }
}
