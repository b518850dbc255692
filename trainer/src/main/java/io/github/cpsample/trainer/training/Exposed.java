package io.github.cpsample.trainer.training;

import io.github.cpsample.protection.Subject;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.DatasetFingerprint;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.MemorizationCode;
import io.github.cpsample.trainer.training.ExposedObjective.Pools;
import io.github.cpsample.trainer.training.ExposedObjective.Shares;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a training on strangers needs beside the training images: the strangers, and the states that
 * the denoiser made, all of them kept in the run's folder.
 *
 * @param sources members and strangers
 * @param strangers which strangers
 * @param pools what the denoiser made
 */
record Exposed(CleanExamples.Sources sources, Strangers strangers, Pools pools) {

  private static final long POOL = 0x14057B7EF767814FL;
  private static final float[][] NOTHING = new float[0][];

  /** Makes what is missing. */
  static Exposed prepare(
      ClassifierSettings settings,
      ClassifierData data,
      MemorizationCode code,
      Path folder,
      TrainingProgress progress)
      throws IOException {
    Optional<Nearness> nearness =
        Nearness.of(data.training(), settings.horizontalFlips(), new BrokenImages(fault -> {}));
    Strangers strangers = Strangers.of(settings, data, nearness, folder, progress);
    CleanExamples.Sources sources =
        new CleanExamples.Sources(data.training(), strangers.training(), code, data.broken());
    int size = data.training().shape().size();
    String fingerprint = fingerprint(settings, data, strangers);
    float[][] denoised = NOTHING;
    if (settings.asks() == Subject.X_0) {
      denoised =
          CachedRows.of(
              folder.resolve("denoised.bin"),
              fingerprint,
              () -> denoised(sources, settings, data.denoiser().orElseThrow(), progress));
    }
    float[][] trajectories = NOTHING;
    if (data.denoiser().isPresent()
        && nearness.isPresent()
        && settings.exposure().pool().trajectories() > 0) {
      Supplier<float[][]> maker =
          () ->
              StatePool.trajectories(
                  data.denoiser().get(), nearness.get(), code, settings, progress);
      trajectories = CachedRows.of(folder.resolve("trajectories.bin"), fingerprint, maker);
    }
    Pools pools = new Pools(new StatePool(denoised, size), new StatePool(trajectories, size));
    return new Exposed(sources, strangers, pools);
  }

  private static float[][] denoised(
      CleanExamples.Sources sources,
      ClassifierSettings settings,
      DenoisedStates denoiser,
      TrainingProgress progress) {
    try (CleanExamples examples =
        new CleanExamples(sources, settings, StatePool.block(), settings.seed() ^ POOL, 0)) {
      return StatePool.denoised(examples, denoiser, settings, progress);
    }
  }

  /** Of all that decides what the denoiser makes. */
  private static String fingerprint(
      ClassifierSettings settings, ClassifierData data, Strangers strangers) {
    return Fingerprints.of(
        String.join(
            " ",
            settings.toString(),
            data.denoiser().map(DenoisedStates::fingerprint).orElse("none"),
            images(data.training(), data.key()),
            strangers.training().map(images -> images(images, data.key())).orElse("none")));
  }

  private static String images(ImageDataset images, byte[] key) {
    return DatasetFingerprint.of(images, key, new BrokenImages(fault -> {})).hex();
  }

  /** The training's examples from a step on. */
  Objective objective(ClassifierSettings settings, long firstStep) {
    int rows = Shares.of(settings, pools).live();
    return new ExposedObjective(
        new CleanExamples(sources, settings, rows, settings.seed(), firstStep), pools, settings);
  }
}
