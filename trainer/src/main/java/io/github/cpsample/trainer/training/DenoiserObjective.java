package io.github.cpsample.trainer.training;

import ai.djl.ndarray.NDArray;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.trainer.data.Batch;
import io.github.cpsample.trainer.data.BatchLoader;
import io.github.cpsample.trainer.training.Noiser.Noised;

/**
 * Mean squared error of the prediction (Ho et al., 2020, arXiv 2006.11239, equation 14; v as in
 * Salimans and Ho, 2022, arXiv 2202.00512).
 */
final class DenoiserObjective implements Objective {

  private final BatchLoader loader;
  private final Noiser noiser;
  private final NoiseSchedule schedule;
  private final PredictionType prediction;

  /** The loader is owned: it is closed with the objective. */
  DenoiserObjective(
      BatchLoader loader, NoiseSchedule schedule, PredictionType prediction, long seed) {
    this.loader = loader;
    this.noiser = new Noiser(schedule, seed);
    this.schedule = schedule;
    this.prediction = prediction;
  }

  @Override
  public Examples examples(long step) {
    Batch batch = loader.next();
    Noised noised = noiser.noise(batch.images(), batch.size(), step);
    float[] target =
        switch (prediction) {
          case EPSILON -> noised.epsilon();
          case SAMPLE -> batch.images();
          case V_PREDICTION -> velocity(batch.images(), noised);
        };
    return new Examples(batch.size(), noised.x(), noised.t(), batch.labels(), target);
  }

  /** v = sqrt(abar_t) e - sqrt(1-abar_t) x. */
  private float[] velocity(float[] images, Noised noised) {
    float[] target = new float[images.length];
    int size = images.length / noised.t().length;
    for (int i = 0; i < target.length; i++) {
      double abar = schedule.alphasCumprod((int) noised.t()[i / size]);
      target[i] = (float) (Math.sqrt(abar) * noised.epsilon()[i] - Math.sqrt(1 - abar) * images[i]);
    }
    return target;
  }

  @Override
  public NDArray loss(NDArray output, NDArray target) {
    return output.sub(target).square().mean();
  }

  @Override
  public void close() {
    loader.close();
  }
}
