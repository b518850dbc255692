package io.github.cpsample.trainer.training;

import ai.djl.ndarray.NDArray;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.trainer.data.Batch;
import io.github.cpsample.trainer.data.BatchLoader;
import io.github.cpsample.trainer.data.BatchSettings;
import io.github.cpsample.trainer.network.UNet;
import io.github.cpsample.trainer.training.DenoiserTraining.DenoiserDraws.Drawn;
import io.github.cpsample.trainer.training.Noiser.Noised;
import io.github.cpsample.trainer.training.TrainingLoop.Goal;
import io.github.cpsample.trainer.training.TrainingLoop.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Trains a denoiser: a U-Net on noised images, by mean squared error. */
public final class DenoiserTraining {

  private DenoiserTraining() {}

  /**
   * Trains, or goes on with a run that was ended early. A run that begins with given weights is
   * resumed only with the same weights, and one with a rehearsal only with the same share.
   *
   * @param settings what to train
   * @param budget when to end
   * @param data images, and what to begin with
   * @param folder where checkpoint, metrics and description go; a checkpoint found there is resumed
   * @param progress is told how it goes
   * @return what the training came to
   * @throws IOException if the folder cannot be written, or holds a run of other settings
   * @throws IllegalArgumentException if the images are not of the network's shape, the weights to
   *     begin with not as many as it has, or the share of the rehearsal leaves no image of one kind
   *     in a batch
   * @throws TrainingException if a step stays not finite
   */
  public static DenoiserRun run(
      DenoiserSettings settings,
      TrainingBudget budget,
      DenoiserData data,
      Path folder,
      TrainingProgress progress)
      throws IOException {
    UNet network = new UNet(settings.network());
    requireFit(network, data);
    RunFolder run = RunFolder.open(folder, configuration(settings, data.origin()));
    TrainingState state = run.start(network, settings.seed(), data.start());
    try (Objective objective =
            new DenoiserObjective(
                DenoiserDraws.open(settings, data, state.step()),
                settings.schedule().create(),
                settings.prediction(),
                settings.seed());
        Optimization optimization =
            new Optimization(
                new Optimization.Run(network, objective, settings.optimizer(), budget.steps()),
                state)) {
      Outcome outcome =
          new TrainingLoop(run, budget, progress).run(optimization, Goal.none("denoiser"));
      DenoiserRun result =
          new DenoiserRun(
              settings,
              data.origin(),
              data.training().size() - data.broken().count(),
              outcome.steps(),
              outcome.repeats(),
              outcome.seconds(),
              outcome.end().name().toLowerCase(Locale.ROOT));
      run.describe(result);
      return result;
    }
  }

  private static void requireFit(UNet network, DenoiserData data) {
    int[] image = network.imageShape();
    ImageShape expected = new ImageShape(image[0], image[1], image[2]);
    if (!data.training().shape().equals(expected)) {
      throw new IllegalArgumentException(
          "Training images: expected the network's shape "
              + expected
              + ", found "
              + data.training().shape());
    }
  }

  /** What decides what a run computes; without an origin the settings alone. */
  private static Object configuration(
      DenoiserSettings settings, DenoiserData.DenoiserOrigin origin) {
    return origin.equals(DenoiserData.DenoiserOrigin.NONE) ? settings : List.of(settings, origin);
  }

  /**
   * Reads a run from its folder.
   *
   * @param folder the run's folder
   * @return the run and its averaged weights
   * @throws IOException if there is no such run or it cannot be read
   */
  public static Trained<DenoiserRun> read(Path folder) throws IOException {
    DenoiserRun run = RunFolder.description(folder, DenoiserRun.class);
    int size = Weights.of(new UNet(run.settings().network())).size();
    return new Trained<>(
        run, RunFolder.averagedWeights(folder, configuration(run.settings(), run.origin()), size));
  }

  /**
   * Mean squared error of the prediction (Ho et al., 2020, arXiv 2006.11239, equation 14; v as in
   * Salimans and Ho, 2022, arXiv 2202.00512).
   */
  static final class DenoiserObjective implements Objective {

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
    public Objective.Examples examples(long step) {
      Drawn drawn = draws.next();
      Noised noised = noiser.noise(drawn.images(), drawn.count(), step);
      float[] target =
          switch (prediction) {
            case EPSILON -> noised.epsilon();
            case SAMPLE -> drawn.images();
            case V_PREDICTION -> velocity(drawn.images(), noised);
          };
      return new Objective.Examples(drawn.count(), noised.x(), noised.t(), drawn.labels(), target);
    }

    /** v = sqrt(abar_t) e - sqrt(1-abar_t) x. */
    private float[] velocity(float[] images, Noised noised) {
      float[] target = new float[images.length];
      int size = images.length / noised.t().length;
      for (int i = 0; i < target.length; i++) {
        double abar = schedule.alphasCumprod((int) noised.t()[i / size]);
        target[i] =
            (float) (Math.sqrt(abar) * noised.epsilon()[i] - Math.sqrt(1 - abar) * images[i]);
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

  /**
   * The images of one step after another: training images first, then those of the rehearsal. Both
   * are streams whose only state is the number of the step. Owns its loaders; close it.
   */
  static final class DenoiserDraws implements AutoCloseable {

    /** Keeps the order of the rehearsal apart from that of the training images. */
    private static final long REHEARSAL_STREAM = 0x2545F4914F6CDD1DL;

    private final BatchLoader training;
    private final Optional<BatchLoader> kept;

    /** Clean images [N,C,H,W] and their labels [N]. */
    @SuppressWarnings("ArrayRecordComponent") // a hand-over of one step's buffers, never compared
    record Drawn(int count, float[] images, int[] labels) {}

    DenoiserDraws(BatchLoader training, Optional<BatchLoader> kept) {
      this.training = training;
      this.kept = kept;
    }

    static DenoiserDraws open(DenoiserSettings settings, DenoiserData data, long firstStep) {
      int all = settings.batchSize();
      int kept = data.rehearsal().map(rehearsal -> rehearsal.imagesOf(all)).orElse(0);
      BatchSettings own =
          BatchSettings.of(all - kept, settings.seed())
              .withHorizontalFlips(settings.horizontalFlips());
      return new DenoiserDraws(
          new BatchLoader(data.training(), own, data.broken(), firstStep),
          data.rehearsal()
              .map(
                  rehearsal ->
                      new BatchLoader(
                          rehearsal.images(),
                          BatchSettings.of(kept, settings.seed() ^ REHEARSAL_STREAM)
                              .withHorizontalFlips(settings.horizontalFlips()),
                          rehearsal.broken(),
                          firstStep)));
    }

    Drawn next() {
      Batch own = training.next();
      return kept.map(loader -> joined(own, loader.next()))
          .orElseGet(() -> new Drawn(own.size(), own.images(), own.labels()));
    }

    private static Drawn joined(Batch first, Batch second) {
      int count = first.size() + second.size();
      float[] images = Arrays.copyOf(first.images(), count * first.shape().size());
      System.arraycopy(second.images(), 0, images, first.images().length, second.images().length);
      int[] labels = Arrays.copyOf(first.labels(), count);
      System.arraycopy(second.labels(), 0, labels, first.size(), second.size());
      return new Drawn(count, images, labels);
    }

    @Override
    public void close() {
      training.close();
      kept.ifPresent(BatchLoader::close);
    }
  }
}
