package io.github.cpsample.trainer.training;

import io.github.cpsample.image.ImageShape;
import io.github.cpsample.trainer.data.Batch;
import io.github.cpsample.trainer.data.BatchLoader;
import io.github.cpsample.trainer.data.BatchSettings;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.MemorizationCode;
import io.github.cpsample.trainer.training.Background.Mixed;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Varied members with their bits and strangers without, before any noise. What a step gets is a
 * function of the seed and the step. Without strangers, their share of the rows is mixtures of
 * members. Reads in the background until it is closed.
 */
final class CleanExamples implements AutoCloseable {

  private static final long STREAM = 0x2545F4914F6CDD1DL;

  private final Exposure exposure;
  private final Background background;
  private final Variation variation;
  private final long seed;
  private final BatchLoader members;
  private final Optional<BatchLoader> strangers;

  /**
   * Where the images come from.
   *
   * @param members the training images; not owned
   * @param strangers images that nobody protects; not owned
   * @param code the members' bits
   * @param broken where broken members are reported
   */
  record Sources(
      ImageDataset members,
      Optional<ImageDataset> strangers,
      MemorizationCode code,
      BrokenImages broken) {

    ImageShape shape() {
      return members.shape();
    }
  }

  /** Begins at a step. Every step has {@code rows} examples, at least 2. */
  CleanExamples(Sources sources, ClassifierSettings settings, int rows, long seed, long firstStep) {
    this.exposure = settings.exposure();
    this.background =
        sources.strangers().isPresent()
            ? settings.background()
            : new Background(
                exposure.strangerShare(),
                settings.background().uncertain(),
                settings.background().certain());
    this.variation = new Variation(sources.shape(), exposure.variation());
    this.seed = seed;
    int others = sources.strangers().isPresent() ? strangerRows(exposure, rows) : 0;
    this.strangers =
        sources
            .strangers()
            .map(
                images ->
                    new BatchLoader(
                        images,
                        BatchSettings.of(others, seed ^ STREAM)
                            .withHorizontalFlips(settings.horizontalFlips()),
                        new BrokenImages(fault -> {}),
                        firstStep));
    this.members =
        new BatchLoader(
            sources.members(),
            BatchSettings.of(rows - others, seed)
                .withHorizontalFlips(settings.horizontalFlips())
                .withCode(sources.code()),
            sources.broken(),
            firstStep);
  }

  /** At least one stranger and one member. */
  private static int strangerRows(Exposure exposure, int rows) {
    long wanted = Math.round(exposure.strangerShare() * rows);
    return (int) Math.max(1, Math.min(rows - 1, wanted));
  }

  /**
   * The examples of the next step.
   *
   * @param step the step, which must follow the last one
   * @return images [N,...], members first, and targets [N,K]
   */
  Mixed next(long step) {
    RandomGenerator random =
        RandomGeneratorFactory.of("L64X128MixRandom")
            .create((seed ^ STREAM) * 0x9E3779B97F4A7C15L + step);
    Batch own = members.next();
    Mixed mixed = background.mix(own, seed, step);
    if (strangers.isEmpty()) {
      varyAll(mixed.images(), own.shape(), random);
      return mixed;
    }
    Batch others = strangers.get().next();
    int size = own.shape().size();
    float[] images = Arrays.copyOf(mixed.images(), (own.size() + others.size()) * size);
    float[] targets = Arrays.copyOf(mixed.targets(), (own.size() + others.size()) * own.bits());
    for (int n = 0; n < own.size(); n++) {
      if (random.nextDouble() < exposure.variation()) {
        double weight = exposure.border().kept() * random.nextDouble();
        int other = random.nextInt(others.size());
        blend(others.images(), other * size, weight, images, n * size, size);
      }
    }
    for (int n = 0; n < others.size(); n++) {
      int row = own.size() + n;
      System.arraycopy(others.images(), n * size, images, row * size, size);
      Arrays.fill(targets, row * own.bits(), (row + 1) * own.bits(), 0.5f);
      if (random.nextDouble() < exposure.border().share()) {
        double weight = (1 - exposure.border().kept()) * random.nextDouble();
        int member = random.nextInt(own.size());
        blend(own.images(), member * size, weight, images, row * size, size);
        targets(own, member, exposure.border().certainty(1 - weight), targets, row * own.bits());
      }
    }
    varyAll(images, own.shape(), random);
    return new Mixed(images, targets);
  }

  private void varyAll(float[] images, ImageShape shape, RandomGenerator random) {
    for (int offset = 0; offset < images.length; offset += shape.size()) {
      variation.apply(images, offset, random);
    }
  }

  /** Gives the first image a weight in the second. */
  private static void blend(
      float[] first, int from, double weight, float[] second, int to, int size) {
    float part = (float) weight;
    for (int i = 0; i < size; i++) {
      second[to + i] += part * (first[from + i] - second[to + i]);
    }
  }

  private static void targets(Batch own, int row, double certainty, float[] targets, int offset) {
    for (int k = 0; k < own.bits(); k++) {
      targets[offset + k] = target(own.codes()[row * own.bits() + k], certainty);
    }
  }

  /** What a bit's probability shall be where its image is to be recognised so far. */
  static float target(byte bit, double certainty) {
    return (float) (certainty * bit + (1 - certainty) / 2);
  }

  @Override
  public void close() {
    try (members) {
      strangers.ifPresent(BatchLoader::close);
    }
  }
}
