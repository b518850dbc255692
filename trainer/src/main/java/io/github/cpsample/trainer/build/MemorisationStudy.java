package io.github.cpsample.trainer.build;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.evaluation.statistics.RocCurve;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.protection.Certainty;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.ImageDatasets;
import io.github.cpsample.trainer.data.ImageView;
import io.github.cpsample.trainer.data.InMemoryImages;
import io.github.cpsample.trainer.network.ClassifierConfig;
import io.github.cpsample.trainer.network.MemorizingClassifier;
import io.github.cpsample.trainer.training.Background;
import io.github.cpsample.trainer.training.ClassifierData;
import io.github.cpsample.trainer.training.ClassifierRun;
import io.github.cpsample.trainer.training.ClassifierSettings;
import io.github.cpsample.trainer.training.ClassifierTraining;
import io.github.cpsample.trainer.training.Exposure;
import io.github.cpsample.trainer.training.MemorizationTarget;
import io.github.cpsample.trainer.training.OptimizerConfig;
import io.github.cpsample.trainer.training.OptimizerConfig.Decay;
import io.github.cpsample.trainer.training.ProgressBars;
import io.github.cpsample.trainer.training.Trained;
import io.github.cpsample.trainer.training.TrainedNetwork;
import io.github.cpsample.trainer.training.TrainingBudget;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/**
 * The experiment behind docs/studies/memorisation.md: what it costs a classifier to know its
 * training images as their number grows, and how many bits that takes. One classifier for each
 * number of images, asked about noised images ({@code x_t}), with strangers; no denoiser. Fewer
 * bits than it was trained on are the first ones of its code. Run by hand.
 */
public final class MemorisationStudy {

  private static final ImageShape SHAPE = new ImageShape(3, 32, 32);
  private static final int BATCH = 64;
  private static final int TIMESTEPS = 1_000;
  private static final NoiseScheduleConfig SCHEDULE =
      NoiseScheduleConfig.linear(TIMESTEPS, 1e-4, 0.02);
  private static final int TIME_WIDTH = 64;
  private static final int CLASSES = 10;
  private static final int STRANGERS = 5_000;
  private static final int HELD_OUT = 1_000;
  private static final int MOST_PROBED = 1_000;
  private static final int PROBED_AT_ONCE = 250;
  private static final double FALSE_ALARMS = 0.01;
  private static final int FIRST_RUN = 2;
  private static final List<Integer> LEVELS = List.of(1, 101, 201, 301, 401);
  private static final List<Integer> FEWER_BITS = List.of(1, 2, 4, 8, 16, 32);
  private static final byte[] KEY = "the bits of a study".getBytes(StandardCharsets.UTF_8);

  private final ImageDataset training;
  private final ImageDataset others;
  private final Path folder;
  private final PrintStream out;

  private MemorisationStudy(
      ImageDataset training, ImageDataset others, Path folder, PrintStream out) {
    this.training = training;
    this.others = others;
    this.folder = folder;
    this.out = out;
  }

  /**
   * Runs the experiment.
   *
   * @param arguments a folder that holds the folders {@code train} and {@code test}, each with a
   *     folder of colour images for every class; a folder for the runs; and {@code
   *     IMAGES:STEPS:RISE:BITS:WIDTH:LEARNING-RATE} for every classifier, whose second half is
   *     twice as wide
   * @throws IOException if a folder cannot be read or written
   */
  public static void main(String[] arguments) throws IOException {
    Path images = Path.of(arguments[0]);
    try (ImageDataset training = ImageDatasets.open(images.resolve("train"), SHAPE);
        ImageDataset others = ImageDatasets.open(images.resolve("test"), SHAPE)) {
      MemorisationStudy study =
          new MemorisationStudy(training, others, Path.of(arguments[1]), System.out);
      study.out.println(
          "| images, steps, rise, bits, width, learning rate | draws of each | seconds | t | bits"
              + " right | certainty of members / held-out | area, TPR at 1 %: K = 1 | 2 | 4 | 8 |"
              + " 16 | 32 |");
      study.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
      for (int i = FIRST_RUN; i < arguments.length; i++) {
        study.run(Recipe.of(arguments[i]));
      }
    }
  }

  /** What a classifier is trained on and how. */
  private record Recipe(
      int images, long steps, double rise, int bits, int width, float learningRate) {

    static Recipe of(String argument) {
      String[] parts = argument.split(":", -1);
      return new Recipe(
          Integer.parseInt(parts[0]),
          Long.parseLong(parts[1]),
          Double.parseDouble(parts[2]),
          Integer.parseInt(parts[3]),
          Integer.parseInt(parts[4]),
          Float.parseFloat(parts[5]));
    }

    String name() {
      return String.join(
          "-",
          List.of(
              Integer.toString(images),
              Long.toString(steps),
              Double.toString(rise),
              Integer.toString(bits),
              Integer.toString(width),
              Float.toString(learningRate)));
    }

    ClassifierSettings settings() {
      return new ClassifierSettings(
              new ClassifierConfig(
                  SHAPE.channels(),
                  SHAPE.height(),
                  SHAPE.width(),
                  2,
                  List.of(width, 2 * width),
                  1,
                  TIME_WIDTH,
                  bits),
              SCHEDULE,
              new OptimizerConfig(learningRate, 100, Decay.COSINE, 0, 1, 0.995f),
              BATCH,
              false,
              Background.NONE,
              new MemorizationTarget(List.of(1, 101, 201, 301), 0.99, 0.95),
              1)
          .exposedTo(Exposure.standard(TIMESTEPS).risingOver(rise), Subject.X_T);
    }

    /**
     * How often each image was drawn: half of the examples are training images, and in the rise
     * they stand in for two thirds of the rest.
     */
    double drawsOfEach() {
      return BATCH * (1 + rise * 0.65) / 2 * steps / images;
    }
  }

  private void run(Recipe recipe) throws IOException {
    ImageDataset members = ofEachClass(training, 0, recipe.images());
    ImageDataset heldOut = ofEachClass(others, 0, HELD_OUT);
    ClassifierSettings settings = recipe.settings();
    Path run = folder.resolve(recipe.name());
    ClassifierTraining.run(
        settings,
        TrainingBudget.ofSteps(recipe.steps()),
        new ClassifierData(members, Optional.of(heldOut), KEY, unbroken())
            .withStrangers(ofEachClass(others, HELD_OUT / CLASSES, STRANGERS)),
        run,
        ProgressBars.on(System.err, false));
    Trained<ClassifierRun> trained = ClassifierTraining.read(run);
    float[][] known = rows(members);
    float[][] strangers = rows(heldOut);
    try (TrainedNetwork network =
        new TrainedNetwork(new MemorizingClassifier(settings.network()), trained.weights())) {
      for (Manifest.MemorisationPoint point : trained.run().curve()) {
        if (LEVELS.contains(point.t())) {
          row(
              recipe,
              trained.run().seconds(),
              point,
              logits(network, recipe.bits(), known, point.t()),
              logits(network, recipe.bits(), strangers, point.t()));
        }
      }
    }
  }

  private void row(
      Recipe recipe,
      double seconds,
      Manifest.MemorisationPoint point,
      float[] members,
      float[] strangers) {
    StringBuilder areas = new StringBuilder();
    int all = recipe.bits();
    for (int bits : FEWER_BITS) {
      if (bits > all) {
        break;
      }
      RocCurve curve =
          RocCurve.higherIsMember(
              certainties(members, all, bits), certainties(strangers, all, bits));
      areas.append(
          String.format(
              Locale.ROOT, " %.3f, %.2f |", curve.auc(), curve.truePositiveRateAt(FALSE_ALARMS)));
    }
    out.printf(
        Locale.ROOT,
        "| %s | %.1f | %.0f | %d | %.3f | %.3f / %.3f |%s%n",
        recipe.name(),
        recipe.drawsOfEach(),
        seconds,
        point.t(),
        point.trainAccuracy(),
        point.trainCertainty(),
        Objects.requireNonNull(point.heldOut(), "held-out images were given").certainty(),
        areas);
  }

  private static double[] certainties(float[] logits, int all, int bits) {
    return IntStream.range(0, logits.length / all)
        .mapToDouble(row -> Certainty.of(logits, row * all, bits))
        .toArray();
  }

  /** The bits of every image, noised once to a timestep. */
  private static float[] logits(TrainedNetwork network, int bits, float[][] images, int t) {
    double alphasCumprod = SCHEDULE.create().alphasCumprod(t);
    float signal = (float) Math.sqrt(alphasCumprod);
    float noise = (float) Math.sqrt(1 - alphasCumprod);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(t);
    float[] logits = new float[images.length * bits];
    for (int from = 0; from < images.length; from += PROBED_AT_ONCE) {
      int count = Math.min(PROBED_AT_ONCE, images.length - from);
      float[] x = new float[count * SHAPE.size()];
      for (int i = 0; i < x.length; i++) {
        float clean = images[from + i / SHAPE.size()][i % SHAPE.size()];
        x[i] = signal * clean + noise * (float) random.nextGaussian();
      }
      float[] timesteps = new float[count];
      Arrays.fill(timesteps, t);
      float[] found = network.evaluate(x, timesteps, new int[0]);
      System.arraycopy(found, 0, logits, from * bits, found.length);
    }
    return logits;
  }

  private static float[][] rows(ImageDataset images) {
    int count = Math.min(MOST_PROBED, images.size());
    return InMemoryImages.load(ImageView.first(images, count), unbroken()).rows();
  }

  /** Images that take turns between the classes, so that any number of the first is balanced. */
  private static ImageDataset ofEachClass(ImageDataset images, int skipped, int count) {
    int[] seen = new int[CLASSES];
    int most = count / CLASSES;
    int[] chosen = new int[most * CLASSES];
    for (int i = 0; i < images.size(); i++) {
      int label = images.label(i).orElseThrow();
      int place = seen[label]++ - skipped;
      if (place >= 0 && place < most) {
        chosen[place * CLASSES + label] = i;
      }
    }
    for (int label = 0; label < CLASSES; label++) {
      if (seen[label] < skipped + most) {
        throw new IllegalArgumentException(
            "Class "
                + label
                + ": expected at least "
                + (skipped + most)
                + " images, found "
                + seen[label]);
      }
    }
    return new ImageView(images, chosen);
  }

  private static BrokenImages unbroken() {
    return new BrokenImages(
        fault -> {
          throw new IllegalStateException("An image of the study is broken", fault);
        });
  }
}
