package io.github.cpsample.trainer.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import io.github.cpsample.trainer.network.ImageClassifier;
import io.github.cpsample.trainer.network.Network;
import io.github.cpsample.trainer.training.Optimization.Run;
import io.github.cpsample.trainer.training.Optimization.StepResult;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OptimizationTest {

  private static final OptimizerConfig CONFIG =
      new OptimizerConfig(1e-2f, 2, OptimizerConfig.Decay.CONSTANT, 0.1f, 0.5f, 0.9f);
  private static final Network NETWORK = new ImageClassifier(1, 8, 8, 3);

  @Test
  void aResumedRunIsBitwiseTheUninterruptedOne() {
    TrainingState start = start();
    TrainingState whole = train(start, 6, new Regression(0));
    TrainingState half = train(start, 3, new Regression(0));
    TrainingState resumed = train(half, 3, new Regression(0));
    assertEquals(6, resumed.step());
    assertArrayEquals(whole.weights(), resumed.weights());
    assertArrayEquals(whole.average(), resumed.average());
    assertArrayEquals(whole.mean(), resumed.mean());
    assertArrayEquals(whole.variance(), resumed.variance());
  }

  @Test
  void gradientsDoNotAccumulate() {
    Objective constant =
        new Regression(0) {
          @Override
          public Objective.Examples examples(long step) {
            return super.examples(0);
          }
        };
    OptimizerConfig still =
        new OptimizerConfig(1e-12f, 0, OptimizerConfig.Decay.CONSTANT, 0, 1e9f, 0);
    try (Optimization optimization =
        new Optimization(new Run(NETWORK, constant, still, 10), start())) {
      float first = optimization.step().gradientNorm();
      float second = optimization.step().gradientNorm();
      assertEquals(first, second, first * 1e-4);
    }
  }

  @Test
  void theLossFalls() {
    try (Optimization optimization =
        new Optimization(new Run(NETWORK, new Regression(0), CONFIG, 40), start())) {
      float first = optimization.step().loss();
      StepResult last = null;
      for (int i = 0; i < 30; i++) {
        last = optimization.step();
      }
      assertTrue(last.loss() < 0.5 * first, "loss went from " + first + " to " + last.loss());
    }
  }

  @Test
  void aStepThatIsNotFiniteIsCountedAndRepeatedAndLeavesNothingBehind() {
    TrainingState clean = train(start(), 2, new Regression(0));
    Regression disturbed = new Regression(3);
    try (Optimization optimization =
        new Optimization(new Run(NETWORK, disturbed, CONFIG, 10), start())) {
      optimization.step();
      optimization.step();
      assertEquals(3, optimization.repeats());
      assertArrayEquals(clean.weights(), optimization.state().weights());
    }
  }

  @Test
  void aStepThatStaysNotFiniteStopsTheRunWithStepAndCause() {
    try (Optimization optimization =
        new Optimization(new Run(NETWORK, new Regression(1000), CONFIG, 10), start())) {
      TrainingException stop = assertThrows(TrainingException.class, optimization::step);
      assertTrue(stop.getMessage().contains("step 0"), stop.getMessage());
      assertTrue(stop.getMessage().contains("NaN"), stop.getMessage());
      assertArrayEquals(start().weights(), optimization.state().weights());
    }
  }

  private static TrainingState start() {
    return TrainingState.start(Weights.of(NETWORK).initialize(5));
  }

  private static TrainingState train(TrainingState state, int steps, Objective objective) {
    try (Optimization optimization =
        new Optimization(new Run(NETWORK, objective, CONFIG, 100), state)) {
      for (int i = 0; i < steps; i++) {
        optimization.step();
      }
      return optimization.state();
    }
  }

  /** Fits random targets; the first losses can be made NaN. */
  private static class Regression implements Objective {
    private int bad;

    Regression(int bad) {
      this.bad = bad;
    }

    @Override
    public Objective.Examples examples(long step) {
      Random random = new Random(step % 4);
      float[] x = new float[4 * 64];
      float[] target = new float[4 * 3];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) random.nextGaussian();
      }
      for (int i = 0; i < target.length; i++) {
        target[i] = (float) random.nextGaussian();
      }
      return new Objective.Examples(4, x, new float[4], new int[4], target);
    }

    @Override
    public NDArray loss(NDArray output, NDArray target) {
      NDArray loss = output.sub(target).square().mean();
      return bad-- > 0 ? loss.mul(Float.NaN) : loss;
    }

    @Override
    public void close() {}
  }
}
