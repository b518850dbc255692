package io.github.cpsample.trainer.training;

import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.trainer.data.MemorizationCode;
import io.github.cpsample.trainer.training.Background.Mixed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/**
 * Examples that were made before the training because they need the denoiser: each has a timestep,
 * an image and targets. Immutable.
 */
final class StatePool {

  private static final int BLOCK = 16;
  private static final long MOST_BYTES = 256L << 20;

  /** The finished image is a state too: the gate is asked about it at the end. */
  private static final int[] FINISHED = {0, 0, 5, 10};

  /** How many mixtures with the nearest member are made of a finished image. */
  private static final int MIXED = 6;

  /** Ratios of the replica rule that mixtures are made for: about its border. */
  private static final double NEAREST_MIXTURE = 0.25;

  private static final double FURTHEST_MIXTURE = 0.7;
  private static final long NOISE = 0x5851F42D4C957F2DL;
  private static final long MIXTURES = 0x2545F4914F6CDD1DL;

  private final float[][] rows;
  private final int size;

  /** Rows of [t, image, targets]. */
  StatePool(float[][] rows, int size) {
    this.rows = rows;
    this.size = size;
  }

  int count() {
    return rows.length;
  }

  /** The examples of training images alone. */
  StatePool members(ClassifierSettings settings) {
    int bits = settings.network().bits();
    return new StatePool(
        Arrays.stream(rows)
            .filter(row -> isMember(row, row.length - bits, bits))
            .sorted(Comparator.comparingDouble(row -> row[0]))
            .toArray(float[][]::new),
        size);
  }

  /** Whether targets are the bits of a training image, and not nearer to one half. */
  static boolean isMember(float[] targets, int from, int bits) {
    return IntStream.range(from, from + bits).allMatch(k -> targets[k] == 0 || targets[k] == 1);
  }

  /** Writes a drawn example into a row of a batch. */
  void copy(RandomGenerator random, Objective.Examples batch, int row) {
    copy(rows[random.nextInt(rows.length)], batch, row);
  }

  /**
   * The same of the first timesteps only, where the examples are in their order.
   *
   * @return whether there was one
   */
  boolean copy(RandomGenerator random, int timesteps, Objective.Examples batch, int row) {
    int count = 0;
    while (count < rows.length && rows[count][0] < timesteps) {
      count++;
    }
    if (count > 0) {
      copy(rows[random.nextInt(count)], batch, row);
    }
    return count > 0;
  }

  private void copy(float[] drawn, Objective.Examples batch, int row) {
    int bits = drawn.length - 1 - size;
    batch.t()[row] = drawn[0];
    System.arraycopy(drawn, 1, batch.x(), row * size, size);
    System.arraycopy(drawn, 1 + size, batch.target(), row * bits, bits);
  }

  private static float[] row(double timestep, float[] image, int from, int size, float[] targets) {
    float[] row = new float[1 + size + targets.length];
    row[0] = (float) timestep;
    System.arraycopy(image, from, row, 1, size);
    System.arraycopy(targets, 0, row, 1 + size, targets.length);
    return row;
  }

  /** How many rows fit into the memory that a pool may take. */
  private static int limited(int wanted, int size, int bits) {
    return (int) Math.min(wanted, MOST_BYTES / ((1L + size + bits) * Float.BYTES));
  }

  /**
   * Noises clean examples to timesteps spread evenly from 0 to the last one, sixteen to each, and
   * denoises them in one step.
   *
   * @param examples the clean examples, sixteen per step, from step 0 on
   * @param denoiser what denoises
   * @param settings how many, up to which timestep, from which seed
   * @param progress is told how it goes
   * @return rows of [t, x_0, targets]
   */
  static float[][] denoised(
      CleanExamples examples,
      DenoisedStates denoiser,
      ClassifierSettings settings,
      TrainingProgress progress) {
    int size = denoiser.shape().size();
    int bits = settings.network().bits();
    NoiseSchedule schedule = settings.schedule().create();
    int last = Math.min(settings.exposure().pool().lastTimestep(), schedule.trainTimesteps() - 1);
    int blocks = Math.max(1, limited(settings.exposure().pool().states(), size, bits) / BLOCK);
    RandomGenerator random =
        RandomGeneratorFactory.of("L64X128MixRandom").create(settings.seed() ^ NOISE);
    float[][] rows = new float[blocks * BLOCK][];
    for (int block = 0; block < blocks; block++) {
      progress.prepared("denoised examples", block, blocks);
      Mixed clean = examples.next(block);
      int timestep = (int) ((block + random.nextDouble()) / blocks * (last + 1));
      float[] noised = clean.images().clone();
      noise(noised, NoiseLevel.of(timestep, schedule.alphasCumprod(timestep)), random);
      float[] x0 = denoiser.denoise(noised, BLOCK, timestep);
      for (int i = 0; i < BLOCK; i++) {
        float[] targets = Arrays.copyOfRange(clean.targets(), i * bits, (i + 1) * bits);
        rows[block * BLOCK + i] = row(timestep, x0, i * size, size, targets);
      }
    }
    progress.prepared("denoised examples", blocks, blocks);
    return rows;
  }

  /** Rows of a block of {@link #denoised}. */
  static int block() {
    return BLOCK;
  }

  private static void noise(float[] images, NoiseLevel level, RandomGenerator random) {
    float signal = (float) level.signal();
    float spread = (float) level.spread();
    for (int i = 0; i < images.length; i++) {
      images[i] = signal * images[i] + spread * (float) random.nextGaussian();
    }
  }

  /**
   * Samples trajectories and labels all their states by what became of them: near a training image
   * its bits, far from all one half, in between in between. What they became is mixed with the
   * nearest training image too, for images about the border of what is a copy.
   *
   * @param denoiser what samples
   * @param nearness what is near
   * @param code the bits of a training image
   * @param settings how many, what is asked about, up to which timestep
   * @param progress is told how it goes
   * @return rows of [t, x_t or x_0, targets]
   */
  static float[][] trajectories(
      DenoisedStates denoiser,
      Nearness nearness,
      MemorizationCode code,
      ClassifierSettings settings,
      TrainingProgress progress) {
    Trajectories trajectories = new Trajectories(nearness, code, settings, progress);
    denoiser.sample(
        settings.exposure().pool().trajectories(),
        Strangers.SampleSeeds.TRAJECTORIES + settings.seed(),
        trajectories);
    return trajectories.rows.toArray(float[][]::new);
  }

  /** Labels the states of trajectories once these are finished. */
  private static final class Trajectories implements DenoisedStates.Visitor {
    private final Nearness nearness;
    private final MemorizationCode code;
    private final ClassifierSettings settings;
    private final TrainingProgress progress;
    private final RandomGenerator random;
    private final List<List<float[]>> states = new ArrayList<>();
    private final List<float[]> rows = new ArrayList<>();

    Trajectories(
        Nearness nearness,
        MemorizationCode code,
        ClassifierSettings settings,
        TrainingProgress progress) {
      this.nearness = nearness;
      this.code = code;
      this.settings = settings;
      this.progress = progress;
      this.random =
          RandomGeneratorFactory.of("L64X128MixRandom").create(settings.seed() ^ MIXTURES);
    }

    @Override
    public void state(int image, double timestep, float[] noised, float[] denoised) {
      while (states.size() <= image) {
        states.add(new ArrayList<>());
      }
      if (timestep <= settings.exposure().pool().lastTimestep()) {
        float[] seen = settings.asks() == Subject.X_T ? noised : denoised;
        states.get(image).add(row(timestep, seen, 0, seen.length, new float[code.bits()]));
      }
    }

    @Override
    public void finished(int image, float[] values) {
      progress.prepared("trajectories", image + 1L, settings.exposure().pool().trajectories());
      Nearness.Nearest nearest = nearness.of(new float[][] {values})[0];
      for (float[] state : states.set(image, List.of())) {
        add(state, nearest);
      }
      for (int timestep : FINISHED) {
        addFinished(timestep, values, nearest);
      }
      for (int i = 0; i < MIXED; i++) {
        float[] mixture = mixture(values, nearest);
        addFinished(
            FINISHED[i % FINISHED.length], mixture, nearness.of(new float[][] {mixture})[0]);
      }
    }

    /** Between the image and the member it is nearest to, about as near as a copy may be. */
    private float[] mixture(float[] values, Nearness.Nearest nearest) {
      double ratio = NEAREST_MIXTURE + (FURTHEST_MIXTURE - NEAREST_MIXTURE) * random.nextDouble();
      float weight = (float) Math.min(1, ratio / Math.max(Float.MIN_NORMAL, nearest.ratio()));
      float[] mixture = nearest.member().clone();
      for (int i = 0; i < mixture.length; i++) {
        mixture[i] += weight * (values[i] - mixture[i]);
      }
      return mixture;
    }

    private void addFinished(int timestep, float[] values, Nearness.Nearest nearest) {
      add(row(timestep, values, 0, values.length, new float[code.bits()]), nearest);
    }

    private void add(float[] row, Nearness.Nearest nearest) {
      byte[] bits = code.of(nearest.member());
      int first = row.length - bits.length;
      for (int k = 0; k < bits.length; k++) {
        row[first + k] = CleanExamples.target(bits[k], nearest.certainty());
      }
      if (rows.size() < limited(Integer.MAX_VALUE, first - 1, bits.length)) {
        rows.add(row);
      }
    }
  }
}
