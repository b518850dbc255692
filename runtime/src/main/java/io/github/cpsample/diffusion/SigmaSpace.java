package io.github.cpsample.diffusion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Samplers in sigma space, where {@code x / alpha = x_0 + sigma epsilon} moves by {@code dx/dsigma
 * = epsilon} (Karras et al. 2022). Turns their moves into moves of the variance-preserving x. The
 * end of a trajectory is taken as it is, whatever its sigma.
 */
final class SigmaSpace {
  private final SolverSteps.Timeline line;
  private final boolean scaledStart;

  SigmaSpace(SolverSteps levels, NoiseSchedule schedule) {
    this.line = levels.fractionalTimesteps(schedule);
    this.scaledStart = levels.spacing() == TimestepSpacing.LEADING;
  }

  SolverSteps.Timeline line() {
    return line;
  }

  /**
   * The move of the variance-preserving x from a level to the one at an index of the timeline, of
   * {@code x / signal} by a combination of derivatives and fresh noise.
   */
  Combination move(NoiseLevel from, int to, double ofNoise, double... ofRemembered) {
    double after = to == line.steps() ? 1 : line.at(to).signal();
    double[] scaled = Arrays.stream(ofRemembered).map(weight -> weight * after).toArray();
    return Combination.move(after / from.signal(), ofNoise * after, scaled);
  }

  /**
   * A sampler that starts from noise of the greatest sigma, or, for leading spacing, of {@code
   * sqrt(1 + sigma^2)}, as in diffusers.
   */
  Sampler sampler(String kind, List<SamplerStep> plan) {
    double scale = scaledStart ? 1 : 1 / Math.sqrt(1 + 1 / Math.pow(line.greatest(), 2));
    return new Sampler(kind, plan, scale);
  }

  /** The weights of a move from one level to the next: of fresh noise and of the own output. */
  record Weights(double ofNoise, double ofOutput) {}

  /** A method whose every step moves from one level to the next by its own output alone. */
  Sampler onePredictionEach(
      String kind, PredictionType type, BiFunction<NoiseLevel, NoiseLevel, Weights> weights) {
    List<SamplerStep> plan = new ArrayList<>();
    for (int i = 0; i < line.steps(); i++) {
      NoiseLevel level = line.at(i);
      DenoiserOutput output = new DenoiserOutput(type, SampleClipping.none(), level);
      Weights each = weights.apply(level, line.at(i + 1));
      plan.add(
          SamplerStep.multistep(
              output, output::epsilon, move(level, i + 1, each.ofNoise(), each.ofOutput())));
    }
    return sampler(kind, plan);
  }
}
