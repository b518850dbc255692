package io.github.cpsample.trainer.training;

import io.github.cpsample.diffusion.NoiseSchedule;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Noises clean images: x_t = sqrt(abar_t) x + sqrt(1-abar_t) e. Timesteps are uniform over all of
 * the schedule, or its beginning, and stratified within a batch, which lowers the variance of the
 * loss (Kingma et al., 2021, arXiv 2107.00630). Everything is a pure function of seed and step.
 */
final class Noiser {

  private final NoiseSchedule schedule;
  private final long seed;

  Noiser(NoiseSchedule schedule, long seed) {
    this.schedule = schedule;
    this.seed = seed;
  }

  /**
   * Noised images of a step.
   *
   * @param images clean images [N,...], not modified
   * @param count N
   * @param step the step
   */
  Noised noise(float[] images, int count, long step) {
    return noise(images, count, step, schedule.trainTimesteps());
  }

  /**
   * Images noised to the first timesteps only.
   *
   * @param images clean images [N,...], not modified
   * @param count N
   * @param step the step
   * @param timesteps how many timesteps, at least 1
   */
  Noised noise(float[] images, int count, long step, int timesteps) {
    RandomGenerator random =
        RandomGeneratorFactory.of("L64X128MixRandom").create(seed * 0x9E3779B97F4A7C15L + step);
    float[] t = timesteps(count, timesteps, random);
    float[] epsilon = new float[images.length];
    float[] x = new float[images.length];
    int size = images.length / count;
    for (int n = 0; n < count; n++) {
      double abar = schedule.alphasCumprod((int) t[n]);
      float signal = (float) Math.sqrt(abar);
      float noise = (float) Math.sqrt(1 - abar);
      for (int i = n * size; i < (n + 1) * size; i++) {
        epsilon[i] = (float) random.nextGaussian();
        x[i] = signal * images[i] + noise * epsilon[i];
      }
    }
    return new Noised(x, t, epsilon);
  }

  private static float[] timesteps(int count, int timesteps, RandomGenerator random) {
    int[] strata = new int[count];
    for (int n = 0; n < count; n++) {
      int other = random.nextInt(n + 1);
      strata[n] = strata[other];
      strata[other] = n;
    }
    float[] t = new float[count];
    for (int n = 0; n < count; n++) {
      double position = (strata[n] + random.nextDouble()) / count;
      t[n] = Math.min(timesteps - 1, (int) (position * timesteps));
    }
    return t;
  }

  /** Noised images, their timesteps and the noise that went in. */
  @SuppressWarnings("ArrayRecordComponent") // a hand-over of one step's buffers, never compared
  record Noised(float[] x, float[] t, float[] epsilon) {}
}
