package io.github.cpsample.composition;

import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.diffusion.SamplerStep;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.protection.Correction;

/**
 * Where rows of a trajectory from noise are sent back to, as numbers of a graph, and how often that
 * may happen.
 */
final class WayBack {
  private final Sampler plan;
  private final Correction correction;
  private final int steps;
  private final int returns;

  WayBack(Sampler plan, Correction correction) {
    this.plan = plan;
    this.correction = correction;
    this.steps = plan.steps().size();
    this.returns = correction.kind().goesBack() ? correction.returns() : 0;
  }

  /** Whether a row may take a step more than once. */
  boolean repeats() {
    return returns > 0 || redos() > 0;
  }

  /** How often a row is sent back at most until it is finished or redone. */
  int returns() {
    return returns;
  }

  int redos() {
    return correction.redos();
  }

  /** How many steps a row takes at most, until it is finished for the last time. */
  int trips() {
    long stretch = steps;
    for (int k = 1; k <= returns; k++) {
      int longest = 0;
      for (int reached = 1; reached <= steps; reached++) {
        longest = Math.max(longest, reached - target(reached, k));
      }
      stretch = Math.addExact(stretch, longest);
    }
    return Math.toIntExact(Math.multiplyExact(stretch, redos() + 1L));
  }

  /** How often a row draws fresh noise at most. */
  int draws() {
    boolean everyStep = plan.steps().stream().anyMatch(SamplerStep::usesNoise);
    long ways = (redos() + 1L) * returns + redos();
    return Math.toIntExact((everyStep ? trips() : 0) + ways);
  }

  /** The step before which a row goes that was sent back from a step for the k-th time. */
  private int target(int reached, int k) {
    return plan.stepBefore(reached, (double) k * correction.back(), 0);
  }

  /** Where a row goes back to: by the step that it has reached, and the how manieth time it is. */
  Tensor targets() {
    long[] targets = new long[(steps + 1) * (returns + 1)];
    for (int reached = 1; reached <= steps; reached++) {
      for (int k = 1; k <= returns; k++) {
        targets[reached * (returns + 1) + k] = target(reached, k);
      }
    }
    return Tensor.of(targets, steps + 1, returns + 1);
  }

  /** The factors of image and noise of each of these ways, [steps+1,returns+1,2]. */
  Tensor factors() {
    double[] factors = new double[2 * (steps + 1) * (returns + 1)];
    for (int reached = 1; reached <= steps; reached++) {
      for (int k = 1; k <= returns; k++) {
        NoiseLevel level = level(reached, target(reached, k));
        int at = 2 * (reached * (returns + 1) + k);
        factors[at] = level.signal();
        factors[at + 1] = level.spread();
      }
    }
    return Tensor.of(factors, steps + 1, returns + 1, 2);
  }

  /** The step from which a finished image is redone first. */
  int middle() {
    double timestep = plan.steps().get(steps / 2).timestep();
    return plan.stepBefore(steps, Math.max(1, timestep), 0);
  }

  /** What noises a finished image to the middle. */
  NoiseLevel toMiddle() {
    return level(steps, middle());
  }

  /** The noise that is added between two steps. */
  private NoiseLevel level(int reached, int target) {
    double from = reached < steps ? plan.steps().get(reached).alphasCumprod() : 1;
    return NoiseLevel.of(0, plan.steps().get(target).alphasCumprod() / from);
  }
}
