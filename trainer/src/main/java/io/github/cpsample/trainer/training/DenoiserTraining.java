package io.github.cpsample.trainer.training;

import io.github.cpsample.trainer.data.BatchLoader;
import io.github.cpsample.trainer.data.BatchSettings;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.network.UNet;
import io.github.cpsample.trainer.training.TrainingLoop.Goal;
import io.github.cpsample.trainer.training.TrainingLoop.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** Trains a denoiser: a U-Net on noised images, by mean squared error. */
public final class DenoiserTraining {

  private DenoiserTraining() {}

  /**
   * Trains, or goes on with a run that was ended early.
   *
   * @param settings what to train
   * @param budget when to end
   * @param dataset the training images, of the network's shape; not owned
   * @param broken where broken images are reported
   * @param folder where checkpoint, metrics and description go; a checkpoint found there is resumed
   * @param progress is told how it goes
   * @return what the training came to
   * @throws IOException if the folder cannot be written, or holds a run of other settings
   * @throws TrainingException if a step stays not finite
   */
  public static DenoiserRun run(
      DenoiserSettings settings,
      TrainingBudget budget,
      ImageDataset dataset,
      BrokenImages broken,
      Path folder,
      TrainingProgress progress)
      throws IOException {
    UNet network = new UNet(settings.network());
    RunFolder run = RunFolder.open(folder, settings);
    TrainingState state = run.start(network, settings.seed());
    BatchSettings batches =
        BatchSettings.of(settings.batchSize(), settings.seed())
            .withHorizontalFlips(settings.horizontalFlips());
    try (Objective objective =
            new DenoiserObjective(
                new BatchLoader(dataset, batches, broken, state.step()),
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
              dataset.size() - broken.count(),
              outcome.steps(),
              outcome.repeats(),
              outcome.seconds(),
              outcome.end().name().toLowerCase(Locale.ROOT));
      run.describe(result);
      return result;
    }
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
    return new Trained<>(run, RunFolder.averagedWeights(folder, run.settings(), size));
  }
}
