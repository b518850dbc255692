package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.sampling.NoisePredictions;
import java.util.Arrays;

/**
 * SPELL once more, for one image, written down plainly in double: DDIM by equation 12 of Song, Meng
 * and Ermon 2021 with x_0 that is clipped and then pushed, and the noise that goes with it.
 */
final class SpellReference {

  private final NoisePredictions predictions;
  private final NoiseSchedule schedule;
  private final float[][] training;
  private final SpellSettings settings;
  private int pushed;

  SpellReference(
      NoisePredictions predictions,
      NoiseSchedule schedule,
      float[][] training,
      SpellSettings settings) {
    this.predictions = predictions;
    this.schedule = schedule;
    this.training = training;
    this.settings = settings;
  }

  int pushed() {
    return pushed;
  }

  /** The image of a seed; timesteps are those of leading spacing. */
  float[] image(long seed) {
    int size = training[0].length;
    int distance = 1000 / settings.steps();
    RandomMode.ImageNoise noise = RandomMode.JAVA.open(seed);
    float[] x = new float[size];
    noise.initial().fill(x, 0, size);
    pushed = 0;
    for (int t = (settings.steps() - 1) * distance; t >= 0; t -= distance) {
      double abar = schedule.alphasCumprod(t);
      double next = t == 0 ? 1 : schedule.alphasCumprod(t - distance);
      float[] epsilon = predictions.epsilon(x, 1, t);
      double[] clean = new double[size];
      for (int i = 0; i < size; i++) {
        double sample = (x[i] - Math.sqrt(1 - abar) * epsilon[i]) / Math.sqrt(abar);
        clean[i] = Math.max(-1, Math.min(1, sample));
      }
      double[] away = away(clean);
      double sigma = settings.eta() * Math.sqrt((1 - next) / (1 - abar) * (1 - abar / next));
      float[] z = new float[size];
      if (sigma > 0) {
        noise.steps().fill(z, 0, size);
      }
      for (int i = 0; i < size; i++) {
        double image = clean[i] + away[i];
        double direction = (x[i] - Math.sqrt(abar) * image) / Math.sqrt(1 - abar);
        x[i] =
            (float)
                (Math.sqrt(next) * image
                    + Math.sqrt(Math.max(0, 1 - next - sigma * sigma)) * direction
                    + sigma * z[i]);
      }
    }
    return x;
  }

  private double[] away(double[] clean) {
    double radius = radius();
    double[] away = new double[clean.length];
    boolean any = false;
    for (float[] z : training) {
      double norm = distance(clean, z);
      double relu = Math.max(0, radius / norm - 1);
      any |= relu > 0;
      for (int i = 0; i < away.length; i++) {
        away[i] += relu * (clean[i] - z[i]);
      }
    }
    pushed += any ? 1 : 0;
    return away;
  }

  /** Of an even number of training images. */
  private double radius() {
    double[] nearest = new double[training.length];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    for (int i = 0; i < training.length; i++) {
      double[] one = new double[training[i].length];
      for (int k = 0; k < one.length; k++) {
        one[k] = training[i][k];
      }
      for (int j = 0; j < training.length; j++) {
        nearest[i] = j == i ? nearest[i] : Math.min(nearest[i], distance(one, training[j]));
      }
    }
    Arrays.sort(nearest);
    int half = nearest.length / 2;
    return settings.radiusShare() * (nearest[half - 1] + nearest[half]) / 2;
  }

  private static double distance(double[] a, float[] b) {
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      squares += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(squares);
  }
}
