package io.github.cpsample.trainer.training;

import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.protection.Thresholds;
import io.github.cpsample.protection.Views;
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
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Trains a memorizing classifier: K random bits per image, noised images at all timesteps. The
 * training of the paper ends when the memorisation target is met; one that is shown strangers too
 * takes all its steps, since it does not become certain of strangers by going on. Afterwards the
 * memorisation curve and, for a gate that knows strangers, its thresholds are measured.
 */
public final class ClassifierTraining {

  private static final int CHECK_EVERY = 250;
  private static final int GOAL_PROBES = 256;
  private static final int LEVELS = 10;

  private final ClassifierSettings settings;
  private final ClassifierData data;
  private final MemorizationCode code;
  private final MemorizationProbe probe;
  private final float[][] members;

  private ClassifierTraining(ClassifierSettings settings, ClassifierData data) {
    this.settings = settings;
    this.data = data;
    this.code = new MemorizationCode(data.key(), settings.network().bits());
    NoiseSchedule schedule = settings.schedule().create();
    this.probe =
        new MemorizationProbe(
            data.training().shape(),
            schedule,
            code,
            settings.asks() == Subject.X_0 ? data.denoiser() : Optional.empty());
    this.members = sample(data.training(), data.broken());
  }

  /**
   * Trains, or goes on with a run that was ended early, and measures what came of it.
   *
   * @param settings what to train
   * @param budget when to end
   * @param data images, denoiser and key
   * @param folder where checkpoint, metrics, description and what the denoiser made go; a
   *     checkpoint found there is resumed
   * @param progress is told how it goes
   * @return what the training came to
   * @throws IOException if the folder cannot be written, or holds a run of other settings
   * @throws TrainingException if a step stays not finite
   * @throws IllegalArgumentException if the classifier is to be asked about x_0 and there is no
   *     denoiser, or the denoiser has another schedule or shape, or all given strangers are near a
   *     training image
   * @throws java.util.concurrent.CancellationException if the thread is interrupted while the
   *     denoiser samples
   */
  public static ClassifierRun run(
      ClassifierSettings settings,
      TrainingBudget budget,
      ClassifierData data,
      Path folder,
      TrainingProgress progress)
      throws IOException {
    requireFit(settings, data);
    return new ClassifierTraining(settings, data).run(budget, folder, progress);
  }

  private ClassifierRun run(TrainingBudget budget, Path folder, TrainingProgress progress)
      throws IOException {
    MemorizingClassifier network = new MemorizingClassifier(settings.network());
    RunFolder run = RunFolder.open(folder, settings);
    TrainingState state = run.start(network, settings.seed());
    Optional<Exposed> exposed =
        settings.exposure().isSome()
            ? Optional.of(Exposed.prepare(settings, data, code, folder, progress))
            : Optional.empty();
    try (Objective objective =
            exposed.isPresent()
                ? exposed.get().objective(settings, budget.steps(), state.step())
                : paper(state.step());
        Optimization optimization =
            new Optimization(
                new Optimization.Run(network, objective, settings.optimizer(), budget.steps()),
                state)) {
      Outcome outcome =
          new TrainingLoop(run, budget, progress).run(optimization, goal(exposed.isPresent()));
      ClassifierRun result = measure(outcome, exposed, progress);
      run.describe(result);
      return result;
    }
  }

  private Objective paper(long firstStep) {
    BatchSettings batches =
        BatchSettings.of(settings.batchSize(), settings.seed())
            .withHorizontalFlips(settings.horizontalFlips())
            .withCode(code);
    return new ClassifierObjective(
        new BatchLoader(data.training(), batches, data.broken(), firstStep),
        settings.schedule().create(),
        settings.background(),
        settings.seed());
  }

  private Goal goal(boolean exposed) {
    return exposed ? Goal.none("classifier") : new Goal("classifier", CHECK_EVERY, this::reached);
  }

  private boolean reached(float[] weights) {
    int draws = Math.max(1, GOAL_PROBES / members.length);
    try (TrainedNetwork network = network(weights)) {
      return probe.reaches(settings.target(), network, members, draws);
    }
  }

  private TrainedNetwork network(float[] weights) {
    return new TrainedNetwork(new MemorizingClassifier(settings.network()), weights);
  }

  private ClassifierRun measure(
      Outcome outcome, Optional<Exposed> exposed, TrainingProgress progress) {
    BrokenImages brokenHeldOut = new BrokenImages(fault -> {});
    int heldOutImages = data.heldOut().map(ImageDataset::size).orElse(0);
    float[][] heldOut =
        data.heldOut().map(images -> sample(images, brokenHeldOut)).orElse(new float[0][]);
    float[][] others = exposed.map(it -> it.strangers().measuring()).orElse(heldOut);
    int step = settings.schedule().trainTimesteps() / LEVELS;
    List<Integer> levels =
        IntStream.range(0, LEVELS).mapToObj(i -> Math.min(1, step - 1) + i * step).toList();
    boolean reached = outcome.end() == End.GOAL || reached(outcome.averagedWeights());
    try (TrainedNetwork network = network(outcome.averagedWeights())) {
      return new ClassifierRun(
          settings,
          data.training().size() - data.broken().count(),
          heldOutImages - brokenHeldOut.count(),
          outcome.steps(),
          outcome.repeats(),
          outcome.seconds(),
          outcome.end().name().toLowerCase(Locale.ROOT),
          reached,
          probe.curve(network, members, others, levels),
          exposed.map(it -> it.strangers().used()).orElse(null),
          exposed.isPresent() && others.length > 0 ? thresholds(network, others, progress) : null);
    }
  }

  private Thresholds thresholds(
      TrainedNetwork network, float[][] strangers, TrainingProgress progress) {
    int last = settings.exposure().pool().lastTimestep();
    Views views = settings.exposure().variation() > 0 ? Views.NINE : Views.ONE;
    return new FalseAlarms(data.falseAlarms())
        .thresholds(
            last,
            ModelStates.spacing(settings.schedule().trainTimesteps()),
            timestep -> {
              FalseAlarms.Certainties certainties =
                  new FalseAlarms.Certainties(
                      probe.probe(network, strangers, 1, timestep).certainty(),
                      probe.members(network, members, timestep).certainty());
              progress.prepared("thresholds up to timestep", timestep, last);
              return certainties;
            },
            views,
            probe.finished(network, strangers, views));
  }

  /** The first readable images, as many as a measurement needs. */
  private static float[][] sample(ImageDataset dataset, BrokenImages broken) {
    int count = Math.min(dataset.size(), Strangers.MOST_MEASURED);
    return InMemoryImages.load(ImageView.first(dataset, count), broken).rows();
  }

  private static void requireFit(ClassifierSettings settings, ClassifierData data) {
    if (settings.asks() == Subject.X_0 && data.denoiser().isEmpty()) {
      throw new IllegalArgumentException(
          "asks x0: expected the denoiser, which makes x0 of noised images, found none; give it, or"
              + " ask about x_t");
    }
    if (data.denoiser().isPresent()) {
      require("noise schedule", settings.schedule(), data.denoiser().get().schedule());
      require("image shape", data.training().shape(), data.denoiser().get().shape());
    }
    if (data.strangers().isPresent()) {
      require("strangers' shape", data.training().shape(), data.strangers().get().shape());
    }
  }

  private static void require(String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new IllegalArgumentException(
          "classifier, " + what + ": expected " + expected + ", found " + found);
    }
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
