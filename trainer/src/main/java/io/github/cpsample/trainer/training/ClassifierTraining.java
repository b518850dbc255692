package io.github.cpsample.trainer.training;

import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.trainer.data.BatchLoader;
import io.github.cpsample.trainer.data.BatchSettings;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.ImageView;
import io.github.cpsample.trainer.data.InMemoryImages;
import io.github.cpsample.trainer.data.MemorizationCode;
import io.github.cpsample.trainer.network.MemorizingClassifier;
import io.github.cpsample.trainer.training.TrainingLoop.End;
import io.github.cpsample.trainer.training.TrainingLoop.Goal;
import io.github.cpsample.trainer.training.TrainingLoop.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Trains a memorizing classifier: K random bits per image, noised images at all timesteps, until
 * the memorisation target is met or the budget ends.
 */
public final class ClassifierTraining {

  private static final int CHECK_EVERY = 250;
  private static final int MOST_PROBED = 2_000;
  private static final int GOAL_PROBES = 256;
  private static final int LEVELS = 10;

  private ClassifierTraining() {}

  /**
   * Trains, or goes on with a run that was ended early, and measures the memorisation curve.
   *
   * @param settings what to train
   * @param budget when to end
   * @param data images and key
   * @param folder where checkpoint, metrics and description go; a checkpoint found there is resumed
   * @param progress is told how it goes
   * @return what the training came to
   * @throws IOException if the folder cannot be written, or holds a run of other settings
   * @throws TrainingException if a step stays not finite
   */
  public static ClassifierRun run(
      ClassifierSettings settings,
      TrainingBudget budget,
      ClassifierData data,
      Path folder,
      TrainingProgress progress)
      throws IOException {
    MemorizingClassifier network = new MemorizingClassifier(settings.network());
    MemorizationCode code = new MemorizationCode(data.key(), settings.network().bits());
    NoiseSchedule schedule = settings.schedule().create();
    RunFolder run = RunFolder.open(folder, settings);
    TrainingState state = run.start(network, settings.seed());
    MemorizationProbe probe = new MemorizationProbe(schedule, code);
    float[][] members = sample(data.training(), data.broken());
    BatchSettings batches =
        BatchSettings.of(settings.batchSize(), settings.seed())
            .withHorizontalFlips(settings.horizontalFlips())
            .withCode(code);
    try (Objective objective =
            new ClassifierObjective(
                new BatchLoader(data.training(), batches, data.broken(), state.step()),
                schedule,
                settings.background(),
                settings.seed());
        Optimization optimization =
            new Optimization(
                new Optimization.Run(network, objective, settings.optimizer(), budget.steps()),
                state)) {
      Goal goal =
          new Goal(
              "classifier", CHECK_EVERY, weights -> reached(settings, probe, members, weights));
      Outcome outcome = new TrainingLoop(run, budget, progress).run(optimization, goal);
      ClassifierRun result = measure(settings, data, probe, members, outcome);
      run.describe(result);
      return result;
    }
  }

  private static boolean reached(
      ClassifierSettings settings, MemorizationProbe probe, float[][] members, float[] weights) {
    int draws = Math.max(1, GOAL_PROBES / members.length);
    try (TrainedNetwork network =
        new TrainedNetwork(new MemorizingClassifier(settings.network()), weights)) {
      return probe.reaches(settings.target(), network, members, draws);
    }
  }

  private static ClassifierRun measure(
      ClassifierSettings settings,
      ClassifierData data,
      MemorizationProbe probe,
      float[][] members,
      Outcome outcome) {
    BrokenImages brokenHeldOut = new BrokenImages(fault -> {});
    int heldOutImages = data.heldOut().map(ImageDataset::size).orElse(0);
    float[][] others =
        data.heldOut().map(heldOut -> sample(heldOut, brokenHeldOut)).orElse(new float[0][]);
    int step = settings.schedule().trainTimesteps() / LEVELS;
    List<Integer> levels =
        IntStream.range(0, LEVELS).mapToObj(i -> Math.min(1, step - 1) + i * step).toList();
    boolean reached =
        outcome.end() == End.GOAL || reached(settings, probe, members, outcome.averagedWeights());
    try (TrainedNetwork network =
        new TrainedNetwork(
            new MemorizingClassifier(settings.network()), outcome.averagedWeights())) {
      return new ClassifierRun(
          settings,
          data.training().size() - data.broken().count(),
          heldOutImages - brokenHeldOut.count(),
          outcome.steps(),
          outcome.repeats(),
          outcome.seconds(),
          outcome.end().name().toLowerCase(Locale.ROOT),
          reached,
          probe.curve(network, members, others, levels));
    }
  }

  /** The first readable images, as many as a measurement needs. */
  private static float[][] sample(ImageDataset dataset, BrokenImages broken) {
    int count = Math.min(dataset.size(), MOST_PROBED);
    return InMemoryImages.load(ImageView.first(dataset, count), broken).rows();
  }

  /**
   * Reads a run from its folder.
   *
   * @param folder the run's folder
   * @return the run and its averaged weights
   * @throws IOException if there is no such run or it cannot be read
   */
  public static Trained<ClassifierRun> read(Path folder) throws IOException {
    ClassifierRun run = RunFolder.description(folder, ClassifierRun.class);
    int size = Weights.of(new MemorizingClassifier(run.settings().network())).size();
    return new Trained<>(run, RunFolder.averagedWeights(folder, run.settings(), size));
  }
}
