package io.github.cpsample.trainer.training;

import ai.djl.ndarray.NDArray;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.trainer.data.Batch;
import io.github.cpsample.trainer.data.BatchLoader;
import io.github.cpsample.trainer.training.Noiser.Noised;

/**
 * Binary cross-entropy between K logits and the K random bits of every noised image: softplus(z) -
 * y z, averaged over bits and images.
 */
final class ClassifierObjective implements Objective {

  private final BatchLoader loader;
  private final Noiser noiser;

  /** The loader delivers codes and is owned: it is closed with the objective. */
  ClassifierObjective(BatchLoader loader, NoiseSchedule schedule, long seed) {
    this.loader = loader;
    this.noiser = new Noiser(schedule, seed);
  }

  @Override
  public Examples examples(long step) {
    Batch batch = loader.next();
    Noised noised = noiser.noise(batch.images(), batch.size(), step);
    byte[] codes = batch.codes();
    float[] target = new float[codes.length];
    for (int i = 0; i < codes.length; i++) {
      target[i] = codes[i];
    }
    return new Examples(batch.size(), noised.x(), noised.t(), batch.labels(), target);
  }

  @Override
  public NDArray loss(NDArray output, NDArray target) {
    NDArray softplus = output.getNDArrayInternal().softPlus();
    return softplus.sub(target.mul(output)).mean();
  }

  @Override
  public void close() {
    loader.close();
  }
}
