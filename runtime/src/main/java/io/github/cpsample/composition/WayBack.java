package io.github.cpsample.composition;

import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.diffusion.Plan;
import io.github.cpsample.diffusion.SamplerStep;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.protection.Correction;
import java.util.stream.IntStream;

/**
 * Where rows of a trajectory from noise are sent back to, as numbers of a graph, and how often that
 * may happen.
 */
final class WayBack {
  private final Plan plan;
  private final Correction correction;
  private final int returns;

  WayBack(Plan plan, Correction correction) {
    this.plan = plan;
    this.correction = correction;
    this.returns = correction.kind().goesBack() ? correction.returns() : 0;
  }

  /** Whether a row may take a step more than once. */
  boolean repeats() {
    return correction.repeats();
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
    int[] most = longest();
    long trips = most[plan.first(1)];
    if (redos() > 0) {
      trips += most[middle()] + (redos() - 1L) * most[again()];
    }
    return Math.toIntExact(trips);
  }

  /** How many steps a row takes at most from every place on that was not sent back yet. */
  private int[] longest() {
    int[] later = new int[plan.end() + 1];
    for (int returned = returns; returned >= 0; returned--) {
      int[] most = new int[plan.end() + 1];
      for (int place = plan.end() - 1; place >= 0; place--) {
        int reached = plan.next(place);
        int sentBack = returned < returns ? later[target(reached, returned + 1)] : 0;
        most[place] = Math.addExact(1, Math.max(most[reached], sentBack));
      }
      later = most;
    }
    return later;
  }

  /** How often a row draws fresh noise at most. */
  int draws() {
    boolean everyStep = plan.steps().stream().anyMatch(SamplerStep::usesNoise);
    long ways = (redos() + 1L) * returns + redos();
    return Math.toIntExact((everyStep ? trips() : 0) + ways);
  }

  /** Where a row goes that has reached a place and is sent back for the k-th time. */
  private int target(int reached, int k) {
    return plan.back(reached, (double) k * correction.back(), 1);
  }

  /** Where rows get to by a step, by the place of the step, int64 [places]. */
  Tensor nextPlaces() {
    long[] next = IntStream.range(0, plan.end()).mapToLong(plan::next).toArray();
    return Tensor.of(next, next.length);
  }

  /** Where a row goes back to: by the place that it has reached, and the how manieth time it is. */
  Tensor targets() {
    long[] targets = new long[(plan.end() + 1) * (returns + 1)];
    for (int reached : reached()) {
      for (int k = 1; k <= returns; k++) {
        targets[reached * (returns + 1) + k] = target(reached, k);
      }
    }
    return Tensor.of(targets, plan.end() + 1, returns + 1);
  }

  /** The factors of image and noise of each of these ways, [places+1,returns+1,2]. */
  Tensor factors() {
    double[] factors = new double[2 * (plan.end() + 1) * (returns + 1)];
    for (int reached : reached()) {
      for (int k = 1; k <= returns; k++) {
        NoiseLevel level = level(reached, target(reached, k));
        int at = 2 * (reached * (returns + 1) + k);
        factors[at] = level.signal();
        factors[at + 1] = level.spread();
      }
    }
    return Tensor.of(factors, plan.end() + 1, returns + 1, 2);
  }

  private int[] reached() {
    return IntStream.range(0, plan.end()).map(plan::next).toArray();
  }

  /** From where a finished image is redone first. */
  int middle() {
    return plan.middle(1);
  }

  /** From where it is redone after that, from noise. */
  int again() {
    return plan.firstAgain(1);
  }

  /** Standard normal noise times this is the x of a row that is redone from noise. */
  double scaleAgain() {
    return plan.repeated().initialScale();
  }

  /** What noises a finished image to the middle. */
  NoiseLevel toMiddle() {
    return level(plan.end(), middle());
  }

  /** The noise that is added between two places. */
  private NoiseLevel level(int reached, int target) {
    return NoiseLevel.of(0, plan.alphasCumprodAt(target) / plan.alphasCumprodAt(reached));
  }
}
