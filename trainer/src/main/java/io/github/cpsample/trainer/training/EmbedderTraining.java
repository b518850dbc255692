package io.github.cpsample.trainer.training;

import ai.djl.ndarray.NDArray;
import io.github.cpsample.trainer.data.Batch;
import io.github.cpsample.trainer.data.BatchLoader;
import io.github.cpsample.trainer.data.BatchSettings;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.network.ImageClassifier;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Trains the embedder in whose features quality is measured: a classifier of labelled images that
 * the denoiser never sees.
 */
public final class EmbedderTraining {

  private static final OptimizerConfig OPTIMIZER =
      new OptimizerConfig(2e-3f, 50, OptimizerConfig.Decay.COSINE, 1e-2f, 1, 0.98f);
  private static final int BATCH = 64;

  private EmbedderTraining() {}

  /**
   * Trains a classifier.
   *
   * @param network the classifier
   * @param steps updates
   * @param dataset labelled images; not owned
   * @param folder where checkpoint and metrics go
   * @param progress is told how it goes
   * @return the averaged weights, flat
   * @throws IOException if the folder cannot be written
   */
  public static float[] run(
      ImageClassifier network,
      long steps,
      ImageDataset dataset,
      Path folder,
      TrainingProgress progress)
      throws IOException {
    long seed = 1;
    RunFolder run = RunFolder.open(folder, OPTIMIZER);
    TrainingState state = run.start(network, seed);
    TrainingBudget budget = TrainingBudget.ofSteps(steps);
    BatchSettings batches = BatchSettings.of(BATCH, seed).withHorizontalFlips(true);
    BrokenImages broken = new BrokenImages(fault -> {});
    try (Objective objective =
            new CategoryObjective(
                new BatchLoader(dataset, batches, broken, state.step()), network);
        Optimization optimization =
            new Optimization(new Optimization.Run(network, objective, OPTIMIZER, steps), state)) {
      return new TrainingLoop(run, budget, progress)
          .run(optimization, TrainingLoop.Goal.none("embedder"))
          .averagedWeights();
    }
  }

  /** Softmax cross-entropy of clean images: logsumexp(z) - z_y. */
  private static final class CategoryObjective implements Objective {
    private final BatchLoader loader;
    private final int categories;

    CategoryObjective(BatchLoader loader, ImageClassifier network) {
      this.loader = loader;
      this.categories = network.categories();
    }

    @Override
    public Objective.Examples examples(long step) {
      Batch batch = loader.next();
      float[] target = new float[batch.size() * categories];
      for (int n = 0; n < batch.size(); n++) {
        target[n * categories + batch.labels()[n]] = 1;
      }
      return new Objective.Examples(
          batch.size(), batch.images(), new float[batch.size()], batch.labels(), target);
    }

    @Override
    public NDArray loss(NDArray output, NDArray target) {
      return output.logSoftmax(-1).mul(target).sum().div(-output.getShape().get(0));
    }

    @Override
    public void close() {
      loader.close();
    }
  }
}
