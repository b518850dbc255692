package io.github.cpsample.trainer.training;

import ai.djl.ndarray.NDArray;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.trainer.training.DenoiserDraws.Drawn;
import io.github.cpsample.trainer.training.Noiser.Noised;

/**
 * Mean squared error of the prediction (Ho et al., 2020, arXiv 2006.11239, equation 14; v as in
 * Salimans and Ho, 2022, arXiv 2202.00512).
 */
final class DenoiserObjective implements Objective {

  private final DenoiserDraws draws;
  private final Noiser noiser;
  private final NoiseSchedule schedule;
  private final PredictionType prediction;

  /** The draws are owned: they are closed with the objective. */
  DenoiserObjective(
      DenoiserDraws draws, NoiseSchedule schedule, PredictionType prediction, long seed) {
    this.draws = draws;
    this.noiser = new Noiser(schedule, seed);
    this.schedule = schedule;
    this.prediction = prediction;
  }

  @Override
  public Examples examples(long step) {
    Drawn drawn = draws.next();
    Noised noised = noiser.noise(drawn.images(), drawn.count(), step);
    float[] target =
        switch (prediction) {
          case EPSILON -> noised.epsilon();
          case SAMPLE -> drawn.images();
          case V_PREDICTION -> velocity(drawn.images(), noised);
        };
    return new Examples(drawn.count(), noised.x(), noised.t(), drawn.labels(), target);
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
    draws.close();
  }
}
