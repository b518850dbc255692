package io.github.cpsample.trainer.training;

import ai.djl.ndarray.NDArray;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.trainer.data.Batch;
import io.github.cpsample.trainer.data.BatchLoader;
import io.github.cpsample.trainer.data.BatchSettings;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.DatasetFingerprint;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.MemorizationCode;
import io.github.cpsample.trainer.training.Background.Mixed;
import io.github.cpsample.trainer.training.Exposed.ExposedObjective.Pools;
import io.github.cpsample.trainer.training.Exposed.ExposedObjective.Shares;
import io.github.cpsample.trainer.training.Noiser.Noised;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

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
  private static final long STREAM = 0x369DEA0F31A53F85L;
  private static final long RISE = 0x3C6EF372FE94F82BL;
  private static final int SMALLEST = 50;
  private static final float[][] NOTHING = new float[0][];
  private static final float[] NO_NOISE = {};

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
    return RunFolder.Fingerprints.of(
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

  /** The examples of a training of so many steps, from a step on. */
  Objective objective(ClassifierSettings settings, long steps, long firstStep) {
    int rows = Shares.of(settings, pools).live();
    ExposedObjective whole =
        new ExposedObjective(
            new CleanExamples(sources, settings, rows, settings.seed(), firstStep),
            pools,
            settings,
            steps);
    return settings.exposure().strangersAt(firstStep, steps) < 1
        ? new Rise(sources, settings, steps, firstStep, whole)
        : whole;
  }

  /**
   * The whole, but at first rows that nothing is to be recognised in give way to training images:
   * fewer and fewer of them.
   */
  private static final class Rise implements Objective {
    private final BatchLoader members;
    private final Noiser noiser;
    private final StatePool denoised;
    private final ClassifierSettings settings;
    private final long steps;
    private final ExposedObjective whole;

    /** The whole is owned. */
    Rise(
        CleanExamples.Sources sources,
        ClassifierSettings settings,
        long steps,
        long firstStep,
        ExposedObjective whole) {
      this.settings = settings;
      this.steps = steps;
      this.whole = whole;
      this.denoised = whole.pools.denoised().members(settings);
      this.noiser = new Noiser(settings.schedule().create(), settings.seed() ^ RISE);
      this.members =
          new BatchLoader(
              sources.members(),
              BatchSettings.of(settings.batchSize(), settings.seed() ^ RISE)
                  .withHorizontalFlips(settings.horizontalFlips())
                  .withCode(sources.code()),
              sources.broken(),
              firstStep);
    }

    @Override
    public Objective.Examples examples(long step) {
      Objective.Examples batch = whole.examples(step);
      double strangers = settings.exposure().strangersAt(step, steps);
      if (strangers == 1) {
        return batch;
      }
      RandomGenerator random = random(settings, ~step);
      Batch own = members.next();
      int timesteps = timesteps(settings, step, steps);
      Noised shown = shown(own, step, timesteps, random);
      int size = own.shape().size();
      int bits = own.bits();
      for (int n = 0; n < own.size(); n++) {
        if (StatePool.isMember(batch.target(), n * bits, bits) || random.nextDouble() < strangers) {
          continue;
        }
        if (n % 2 == 0 || !denoised.copy(random, timesteps, batch, n)) {
          batch.t()[n] = shown.t()[n];
          System.arraycopy(shown.x(), n * size, batch.x(), n * size, size);
          for (int k = n * bits; k < (n + 1) * bits; k++) {
            batch.target()[k] = own.codes()[k];
          }
        }
      }
      return batch;
    }

    /** Noised for a classifier of x_t, finished for one of x_0. */
    private Noised shown(Batch own, long step, int timesteps, RandomGenerator random) {
      if (settings.asks() == Subject.X_T) {
        return noiser.noise(own.images(), own.size(), step, timesteps);
      }
      float[] t = new float[own.size()];
      finished(t, t.length, settings, random);
      return new Noised(own.images(), t, NO_NOISE);
    }

    @Override
    public NDArray loss(NDArray output, NDArray target) {
      return whole.loss(output, target);
    }

    @Override
    public void close() {
      try (whole) {
        members.close();
      }
    }
  }

  /** Up to the last one that may be guarded; fewer while noise rises. */
  private static int timesteps(ClassifierSettings settings, long step, long steps) {
    int guarded =
        Math.min(
            settings.exposure().pool().lastTimestep() + 1, settings.schedule().trainTimesteps());
    return Math.max(1, (int) Math.ceil(settings.exposure().noiseAt(step, steps) * guarded));
  }

  private static RandomGenerator random(ClassifierSettings settings, long step) {
    return RandomGeneratorFactory.of("L64X128MixRandom")
        .create((settings.seed() ^ STREAM) * 0x9E3779B97F4A7C15L + step);
  }

  /** Every other finished image at timestep 0, the others at the smallest timesteps. */
  private static void finished(
      float[] t, int count, ClassifierSettings settings, RandomGenerator random) {
    int smallest = Math.max(1, settings.schedule().trainTimesteps() / SMALLEST);
    for (int n = 0; n < count; n++) {
      t[n] = n % 2 == 0 ? 0 : random.nextInt(smallest + 1);
    }
  }

  /**
   * The loss of {@link ClassifierObjective} on members, strangers and the denoiser's own states. A
   * classifier of x_t gets three quarters of every batch noised to any timestep that may be guarded
   * and a quarter from trajectories. A classifier of x_0 gets three eighths of finished images,
   * every other one at timestep 0, the others at the smallest timesteps, half of the batch from
   * trajectories and the rest from the denoised examples; where there is a rise, for many images,
   * which are seldom copied, a quarter from trajectories.
   */
  static final class ExposedObjective implements Objective {

    private static final int PARTS = 8;
    private static final int QUARTER = 2;
    private static final int THREE_EIGHTHS = 3;
    private static final int HALF = 4;

    private final CleanExamples clean;
    private final Noiser noiser;
    private final Pools pools;
    private final ClassifierSettings settings;
    private final long steps;
    private final Shares shares;

    /**
     * What was made before the training.
     *
     * @param denoised denoised examples; none for a classifier of x_t
     * @param trajectories states of trajectories, maybe none
     */
    record Pools(StatePool denoised, StatePool trajectories) {}

    /**
     * How a batch is divided.
     *
     * @param live rows that are made in the step
     * @param trajectories rows from trajectories; what is left comes from the denoised examples
     */
    record Shares(int live, int trajectories) {

      /** At least a member and a stranger are made in the step. */
      static Shares of(ClassifierSettings settings, Pools pools) {
        boolean ofImage = settings.asks() == Subject.X_0;
        int count = settings.batchSize();
        int part = ofImage && settings.exposure().rise() == 0 ? HALF : QUARTER;
        int wanted = pools.trajectories().count() == 0 ? 0 : part * count;
        int live = Math.max(2, ofImage ? THREE_EIGHTHS * count / PARTS : count - wanted / PARTS);
        return new Shares(live, Math.max(0, Math.min(wanted / PARTS, count - live)));
      }
    }

    /** The clean examples are owned: closed with the objective. They deliver the live rows. */
    ExposedObjective(CleanExamples clean, Pools pools, ClassifierSettings settings, long steps) {
      this.clean = clean;
      this.noiser = new Noiser(settings.schedule().create(), settings.seed());
      this.pools = pools;
      this.settings = settings;
      this.steps = steps;
      this.shares = Shares.of(settings, pools);
    }

    @Override
    public Objective.Examples examples(long step) {
      RandomGenerator random = random(settings, step);
      int count = settings.batchSize();
      Mixed mixed = clean.next(step);
      int size = mixed.images().length / shares.live();
      int bits = settings.network().bits();
      Objective.Examples batch =
          new Objective.Examples(
              count,
              new float[count * size],
              new float[count],
              new int[0],
              new float[count * bits]);
      System.arraycopy(mixed.targets(), 0, batch.target(), 0, mixed.targets().length);
      if (settings.asks() == Subject.X_T) {
        Noised noised =
            noiser.noise(mixed.images(), shares.live(), step, timesteps(settings, step, steps));
        System.arraycopy(noised.x(), 0, batch.x(), 0, noised.x().length);
        System.arraycopy(noised.t(), 0, batch.t(), 0, noised.t().length);
      } else {
        System.arraycopy(mixed.images(), 0, batch.x(), 0, mixed.images().length);
        finished(batch.t(), shares.live(), settings, random);
      }
      int next = shares.live();
      for (int i = 0; i < shares.trajectories(); i++) {
        pools.trajectories().copy(random, batch, next++);
      }
      while (next < count) {
        pools.denoised().copy(random, batch, next++);
      }
      return batch;
    }

    @Override
    public NDArray loss(NDArray output, NDArray target) {
      return ClassifierObjective.crossEntropy(output, target);
    }

    @Override
    public void close() {
      clean.close();
    }
  }
}
