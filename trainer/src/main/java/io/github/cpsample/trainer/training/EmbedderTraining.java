package io.github.cpsample.trainer.training;

import ai.djl.ndarray.NDArray;
import io.github.cpsample.trainer.data.Batch;
import io.github.cpsample.trainer.data.BatchLoader;
import io.github.cpsample.trainer.data.BatchSettings;
import io.github.cpsample.trainer.data.BrokenImageException;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.DataException;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.network.ImageClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Trains the embedder in whose features quality is measured: a classifier of labelled images that
 * are not those to be protected.
 */
public final class EmbedderTraining {

  private static final OptimizerConfig OPTIMIZER =
      new OptimizerConfig(2e-3f, 50, OptimizerConfig.Decay.COSINE, 1e-2f, 1, 0.98f);
  private static final int BATCH = 64;

  /** What decides a training, but for its images and steps. */
  private record Settings(OptimizerConfig optimizer, List<Integer> image, int categories) {
    static Settings of(ImageClassifier network) {
      List<Integer> image = Arrays.stream(network.imageShape()).boxed().toList();
      return new Settings(OPTIMIZER, image, network.categories());
    }
  }

  private EmbedderTraining() {}

  /**
   * Trains a classifier.
   *
   * @param network the classifier
   * @param steps updates
   * @param dataset images, each with a label in [0, categories); not owned
   * @param broken is told of images that cannot be read, which are left out
   * @param folder where checkpoint and metrics go; a checkpoint found there is resumed
   * @param progress is told how it goes
   * @return the averaged weights, flat
   * @throws IOException if the folder cannot be written, or holds a run of another network
   */
  public static float[] run(
      ImageClassifier network,
      long steps,
      ImageDataset dataset,
      BrokenImages broken,
      Path folder,
      TrainingProgress progress)
      throws IOException {
    long seed = 1;
    RunFolder run = RunFolder.open(folder, Settings.of(network));
    TrainingState state = run.start(network, seed);
    TrainingBudget budget = TrainingBudget.ofSteps(steps);
    BatchSettings batches = BatchSettings.of(BATCH, seed).withHorizontalFlips(true);
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

  /**
   * How well a classifier tells images apart that it was not trained on.
   *
   * @param network the classifier
   * @param weights its weights, flat
   * @param dataset images, each with a label in [0, categories), at least one readable; not owned
   * @param broken is told of images that cannot be read, which do not count
   * @return the share of the others whose largest logit is that of their label, in [0, 1]
   */
  public static double accuracy(
      ImageClassifier network, float[] weights, ImageDataset dataset, BrokenImages broken) {
    int right = 0;
    int counted = 0;
    float[] pixels = new float[dataset.shape().size()];
    try (TrainedNetwork trained = new TrainedNetwork(network, weights)) {
      for (int n = 0; n < dataset.size(); n++) {
        try {
          dataset.read(n, pixels, 0);
        } catch (BrokenImageException e) {
          broken.report(e);
          continue;
        }
        counted++;
        int label = dataset.label(n).orElseThrow();
        right += largest(trained.evaluate(pixels, new float[1], new int[0])) == label ? 1 : 0;
      }
    }
    if (counted == 0) {
      throw new DataException("all " + dataset.size() + " images are broken");
    }
    return right / (double) counted;
  }

  private static int largest(float[] logits) {
    int best = 0;
    for (int k = 1; k < logits.length; k++) {
      best = logits[k] > logits[best] ? k : best;
    }
    return best;
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
