package io.github.cpsample.trainer.training;

import ai.djl.ndarray.NDArray;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.trainer.data.Batch;
import io.github.cpsample.trainer.data.BatchLoader;
import io.github.cpsample.trainer.training.Background.Mixed;
import io.github.cpsample.trainer.training.Noiser.Noised;

/**
 * Binary cross-entropy between K logits and the K random bits of every noised image: softplus(z) -
 * y z, averaged over bits and images.
 */
final class ClassifierObjective implements Objective {

  private final BatchLoader loader;
  private final Noiser noiser;
  private final Background background;
  private final long seed;

  /** The loader delivers codes and is owned: it is closed with the objective. */
  ClassifierObjective(
      BatchLoader loader, NoiseSchedule schedule, Background background, long seed) {
    this.loader = loader;
    this.noiser = new Noiser(schedule, seed);
    this.background = background;
    this.seed = seed;
  }

  @Override
  public Objective.Examples examples(long step) {
    Batch batch = loader.next();
    Mixed mixed = background.mix(batch, seed, step);
    Noised noised = noiser.noise(mixed.images(), batch.size(), step);
    return new Objective.Examples(
        batch.size(), noised.x(), noised.t(), batch.labels(), mixed.targets());
  }

  @Override
  public NDArray loss(NDArray output, NDArray target) {
    return crossEntropy(output, target);
  }

  /** softplus(z) - y z, averaged. */
  static NDArray crossEntropy(NDArray output, NDArray target) {
    NDArray softplus = output.getNDArrayInternal().softPlus();
    return softplus.sub(target.mul(output)).mean();
  }

  @Override
  public void close() {
    loader.close();
  }
}
