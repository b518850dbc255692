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

  /**
   * Small changes of an image that leave it recognisable: what copies look like that are slightly
   * off. Each happens with a probability of its own. Values stay within [-1, 1], or, for latents,
   * within those of the image.
   */
  static final class Variation {

    private static final double CONTRAST = 0.2;
    private static final float[] BINOMIAL = {0.25f, 0.5f, 0.25f};

    private final ImageShape shape;
    private final double probability;

    Variation(ImageShape shape, double probability) {
      this.shape = shape;
      this.probability = probability;
    }

    /** Blurs, changes the contrast, shifts, or does some of these or nothing. */
    void apply(float[] images, int offset, RandomGenerator random) {
      if (random.nextDouble() < probability) {
        blur(images, offset, random.nextFloat());
      }
      if (random.nextDouble() < probability) {
        contrast(images, offset, 1 + (float) (CONTRAST * (2 * random.nextDouble() - 1)));
      }
      if (random.nextDouble() < probability) {
        int direction = random.nextInt(8);
        int place = direction < 4 ? direction : direction + 1;
        shift(images, offset, place / 3 - 1, place % 3 - 1);
      }
    }

    /** Mixes an image with its blurred self: a 3x3 binomial kernel, edges repeated. */
    void blur(float[] images, int offset, float strength) {
      float[] from = new float[shape.size()];
      System.arraycopy(images, offset, from, 0, from.length);
      forEachPixel(
          (base, y, x) -> {
            float sum = 0;
            for (int dy = -1; dy <= 1; dy++) {
              for (int dx = -1; dx <= 1; dx++) {
                sum += BINOMIAL[dy + 1] * BINOMIAL[dx + 1] * from[base + at(y + dy, x + dx)];
              }
            }
            float own = from[base + at(y, x)];
            images[offset + base + at(y, x)] = own + strength * (sum - own);
          });
    }

    /** Scales the differences from the image's mean and clips. */
    void contrast(float[] images, int offset, float factor) {
      int end = offset + shape.size();
      double sum = 0;
      float limit = 1;
      for (int i = offset; i < end; i++) {
        sum += images[i];
        limit = Math.max(limit, Math.abs(images[i]));
      }
      float mean = (float) (sum / shape.size());
      for (int i = offset; i < end; i++) {
        images[i] = Math.max(-limit, Math.min(limit, mean + factor * (images[i] - mean)));
      }
    }

    /** Moves an image by whole pixels; what comes in is the edge. */
    void shift(float[] images, int offset, int down, int right) {
      float[] from = new float[shape.size()];
      System.arraycopy(images, offset, from, 0, from.length);
      shape.move(from, 0, down, right, images, offset);
    }

    private int at(int y, int x) {
      int row = Math.max(0, Math.min(shape.height() - 1, y));
      int column = Math.max(0, Math.min(shape.width() - 1, x));
      return row * shape.width() + column;
    }

    private interface Pixel {
      void visit(int channelBase, int y, int x);
    }

    private void forEachPixel(Pixel pixel) {
      for (int channel = 0; channel < shape.channels(); channel++) {
        int base = channel * shape.height() * shape.width();
        for (int y = 0; y < shape.height(); y++) {
          for (int x = 0; x < shape.width(); x++) {
            pixel.visit(base, y, x);
          }
        }
      }
    }
  }
}
