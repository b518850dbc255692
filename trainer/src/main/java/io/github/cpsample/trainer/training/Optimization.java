package io.github.cpsample.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.github.cpsample.trainer.network.DjlOps;
import io.github.cpsample.trainer.network.Network;
import java.util.Locale;

/**
 * The steps of one training run: forward, backward, clipping, update.
 *
 * <p>Every attempt works on a fresh copy of the weights, so gradients cannot accumulate from one
 * step to the next, and a gradient that is not finite leaves nothing behind. Holds native memory;
 * close it. Not thread-safe.
 */
final class Optimization implements AutoCloseable {

  private static final int MOST_ATTEMPTS = 5;

  private final Network network;
  private final Weights layout;
  private final Objective objective;
  private final OptimizerConfig config;
  private final long plannedSteps;
  private final NDManager manager;
  private final Adam adam;
  private long step;
  private long repeats;

  Optimization(Run run, TrainingState state) {
    this.network = run.network();
    this.layout = Weights.of(network);
    this.objective = run.objective();
    this.config = run.optimizer();
    this.plannedSteps = run.plannedSteps();
    this.step = state.step();
    this.manager = TorchEngine.newManager();
    this.adam = new Adam(manager, state, config);
  }

  /** What is optimised, how, and over how many steps the learning rate is planned. */
  record Run(Network network, Objective objective, OptimizerConfig optimizer, long plannedSteps) {}

  /** What a step found. The norm is that of the gradient before clipping. */
  record StepResult(long step, float loss, float gradientNorm, float learningRate, int count) {}

  /**
   * Takes the next step. An attempt whose loss or gradient norm is not finite is not applied; it is
   * counted and repeated with the same examples.
   *
   * @throws TrainingException if no attempt was finite
   */
  StepResult step() {
    Examples examples = objective.examples(step);
    StepResult result = null;
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      result = attempt(examples);
      if (Float.isFinite(result.loss()) && Float.isFinite(result.gradientNorm())) {
        step++;
        return result;
      }
      repeats++;
    }
    throw new TrainingException(
        String.format(
            Locale.ROOT,
            "Training stopped at step %d: expected a finite loss and gradient, found loss %s and"
                + " gradient norm %s in %d attempts; lower the learning rate or the gradient clip",
            step,
            result.loss(),
            result.gradientNorm(),
            MOST_ATTEMPTS));
  }

  private StepResult attempt(Examples examples) {
    float rate = config.rateAt(step, plannedSteps);
    try (NDManager local = manager.newSubManager()) {
      NDArray leaf = adam.leaf(local);
      leaf.setRequiresGradient(true);
      float loss;
      try (GradientCollector collector = local.getEngine().newGradientCollector()) {
        NDArray value = loss(leaf, examples, local);
        collector.backward(value);
        loss = value.getFloat();
      }
      NDArray gradient = leaf.getGradient();
      float norm = (float) Math.sqrt(gradient.square().sum().getFloat());
      if (Float.isFinite(loss) && Float.isFinite(norm)) {
        float scale = norm > config.gradientClip() ? config.gradientClip() / norm : 1;
        adam.update(gradient, scale, rate, step);
      }
      return new StepResult(step, loss, norm, rate, examples.count());
    }
  }

  private NDArray loss(NDArray leaf, Examples examples, NDManager local) {
    int[] image = network.imageShape();
    NDArray x =
        local.create(examples.x(), new Shape(examples.count(), image[0], image[1], image[2]));
    NDArray t = local.create(examples.t());
    NDArray label = network.classes() > 0 ? local.create(examples.labels()) : null;
    NDArray output =
        network.apply(new DjlOps(local, layout.views(leaf)), new Network.Inputs<>(x, t, label));
    return objective.loss(output, local.create(examples.target(), output.getShape()));
  }

  /** Steps whose loss or gradient was not finite and that were repeated. */
  long repeats() {
    return repeats;
  }

  long stepsDone() {
    return step;
  }

  TrainingState state() {
    return adam.state(step);
  }

  float[] averagedWeights() {
    return adam.averagedWeights();
  }

  @Override
  public void close() {
    manager.close();
  }
}
