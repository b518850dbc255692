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
    Objective.Examples examples = objective.examples(step);
    StepResult result = attempt(examples);
    for (int attempt = 1; ; attempt++) {
      if (Float.isFinite(result.loss()) && Float.isFinite(result.gradientNorm())) {
        step++;
        return result;
      }
      repeats++;
      if (attempt == MOST_ATTEMPTS) {
        break;
      }
      result = attempt(examples);
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

  private StepResult attempt(Objective.Examples examples) {
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

  private NDArray loss(NDArray leaf, Objective.Examples examples, NDManager local) {
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

  /**
   * Adam with decoupled weight decay (Loshchilov and Hutter, 2019, arXiv 1711.05101) and an
   * exponential moving average of the weights, over one flat vector.
   *
   * <p>DJL's own optimisers keep their moments to themselves, so a run could not be resumed exactly
   * from a file. Holds native memory until its manager is closed. Not thread-safe.
   */
  static final class Adam {

    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final NDArray weights;
    private final NDArray mean;
    private final NDArray variance;
    private final NDArray average;
    private final OptimizerConfig config;

    Adam(NDManager manager, TrainingState state, OptimizerConfig config) {
      this.weights = owned(manager, state.weights());
      this.mean = owned(manager, state.mean());
      this.variance = owned(manager, state.variance());
      this.average = owned(manager, state.average());
      this.config = config;
    }

    /**
     * A copy in memory of libtorch. An array made from Java values lies in a Java buffer that lives
     * only as long as that very object; views of it outlive it.
     */
    private static NDArray owned(NDManager manager, float[] values) {
      try (NDArray borrowed = manager.create(values)) {
        return borrowed.duplicate();
      }
    }

    /**
     * Lends everything to a step's manager and copies the weights into it, for one forward and
     * backward pass. What is computed from lent arrays is freed with that manager.
     */
    NDArray leaf(NDManager step) {
      for (NDArray array : new NDArray[] {weights, mean, variance, average}) {
        array.tempAttach(step);
      }
      return weights.duplicate();
    }

    /**
     * Applies one gradient.
     *
     * @param gradient the gradient of {@link #leaf}, in the step's manager, still open; modified
     * @param scale what the gradient is multiplied with (clipping)
     * @param rate the learning rate
     * @param step the number of updates before this one
     */
    void update(NDArray gradient, float scale, float rate, long step) {
      gradient.muli(scale);
      mean.muli(BETA1).addi(gradient.mul(1 - BETA1));
      variance.muli(BETA2).addi(gradient.square().muli(1 - BETA2));
      double correction1 = 1 - Math.pow(BETA1, (double) step + 1);
      double correction2 = 1 - Math.pow(BETA2, (double) step + 1);
      NDArray denominator = variance.div(correction2).sqrt().addi(EPSILON);
      if (config.weightDecay() > 0) {
        weights.muli(1 - rate * config.weightDecay());
      }
      weights.subi(mean.mul(rate / correction1).divi(denominator));
      double decay = Math.min(config.emaDecay(), (1.0 + step) / (10.0 + step));
      average.muli(decay).addi(weights.mul(1 - decay));
    }

    /** Copies everything that a checkpoint needs. */
    TrainingState state(long step) {
      return new TrainingState(
          step,
          weights.toFloatArray(),
          mean.toFloatArray(),
          variance.toFloatArray(),
          average.toFloatArray());
    }

    float[] averagedWeights() {
      return average.toFloatArray();
    }
  }
}
