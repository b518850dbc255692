package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.NormalStream;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.evaluation.comparators.AmgSettings.Compared;
import io.github.cpsample.sampling.NoisePredictions;
import java.util.Arrays;

/**
 * AMG once more, for one image, written down plainly in double: DDPM by equation 7 of Ho et al.
 * 2020 with clipped x_0, and the push of Chen et al. 2024 without rests.
 */
final class AmgReference {

  private final NoisePredictions predictions;
  private final NoiseSchedule schedule;
  private final float[][] bank;
  private final AmgSettings settings;
  private int pushed;

  AmgReference(
      NoisePredictions predictions, NoiseSchedule schedule, float[][] bank, AmgSettings settings) {
    this.predictions = predictions;
    this.schedule = schedule;
    this.bank = bank;
    this.settings = settings;
  }

  int pushed() {
    return pushed;
  }

  /** The image of a seed; timesteps are those of leading spacing. */
  float[] image(long seed) {
    int size = bank[0].length;
    RandomMode.ImageNoise noise = RandomMode.JAVA.open(seed);
    NormalStream ofBank = RandomMode.JAVA.open(~seed).initial();
    float[] x = new float[size];
    noise.initial().fill(x, 0, size);
    boolean triggered = false;
    pushed = 0;
    for (int level = settings.steps() - 1; level >= 0; level--) {
      int t = level * (1000 / settings.steps());
      double abar = schedule.alphasCumprod(t);
      double next = level == 0 ? 1 : schedule.alphasCumprod(t - 1000 / settings.steps());
      double beta = 1 - abar / next;
      double variance = Math.max(1e-20, (1 - next) / (1 - abar) * beta);
      float[] epsilon = predictions.epsilon(x, 1, t);
      float[] clean = new float[size];
      for (int i = 0; i < size; i++) {
        double sample = (x[i] - Math.sqrt(1 - abar) * epsilon[i]) / Math.sqrt(abar);
        clean[i] = (float) Math.max(-1, Math.min(1, sample));
      }
      boolean noised = settings.compared() == Compared.NOISED;
      double[] push =
          noised
              ? push(x, abar, ofBank, level, triggered)
              : push(clean, 1, ofBank, level, triggered);
      triggered |= push.length > 0;
      float[] z = new float[size];
      if (t > 0) {
        noise.steps().fill(z, 0, size);
      }
      for (int i = 0; i < size; i++) {
        double mean =
            Math.sqrt(next) * beta / (1 - abar) * clean[i]
                + Math.sqrt(1 - beta) * (1 - next) / (1 - abar) * x[i];
        double perSample = noised ? 1 : 1 / Math.sqrt(abar);
        mean += push.length > 0 ? variance * push[i] * perSample : 0;
        x[i] = (float) (mean + Math.sqrt(variance) * z[i]);
      }
    }
    return x;
  }

  /** Empty where nothing is pushed. */
  private double[] push(float[] x, double abar, NormalStream ofBank, int level, boolean triggered) {
    int size = x.length;
    float[] z = new float[size];
    double[] distances = new double[bank.length];
    double[] nearest = new double[size];
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < bank.length; k++) {
      ofBank.fill(z, 0, size);
      double[] noised = new double[size];
      double sum = 0;
      for (int i = 0; i < size; i++) {
        noised[i] = Math.sqrt(abar) * bank[k][i] + Math.sqrt(1 - abar) * z[i];
        sum += (x[i] - noised[i]) * (x[i] - noised[i]);
      }
      distances[k] = Math.sqrt(sum / size) / 2;
      if (distances[k] < least) {
        least = distances[k];
        nearest = noised;
      }
    }
    double denominator = 0.5 * Arrays.stream(distances).average().orElseThrow();
    double shortfall = settings.lambda(level) - least / denominator;
    if (shortfall <= 0 || (!triggered && least / denominator >= settings.trigger())) {
      return new double[0];
    }
    pushed++;
    double norm = 2 * Math.sqrt(size) * least;
    double[] push = new double[size];
    for (int i = 0; i < size; i++) {
      double gradient = (x[i] - nearest[i]) / (2 * Math.sqrt(size) * norm) / denominator;
      push[i] = settings.strength() * shortfall * gradient;
    }
    return push;
  }
}
