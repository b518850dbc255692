package io.github.cpsample.diffusion;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Samplers in sigma space, where {@code x / alpha = x_0 + sigma epsilon} moves by {@code dx/dsigma
 * = epsilon} (Karras et al. 2022). Turns their moves into moves of the variance-preserving x. The
 * end of a trajectory is taken as it is, whatever its sigma.
 */
final class SigmaSpace {
  private final Timeline line;
  private final boolean scaledStart;

  SigmaSpace(SolverSteps levels, NoiseSchedule schedule) {
    this.line = levels.fractionalTimesteps(schedule);
    this.scaledStart = levels.spacing() == TimestepSpacing.LEADING;
  }

  Timeline line() {
    return line;
  }

  /** A move from a level to the one at an index of the timeline. */
  Move move(NoiseLevel from, int to, Move inSigmaSpace) {
    double after = to == line.steps() ? 1 : line.at(to).alpha;
    return inSigmaSpace.scaled(1 / from.alpha, after);
  }

  /**
   * A sampler that starts from noise of the greatest sigma, or, for leading spacing, of {@code
   * sqrt(1 + sigma^2)}, as in diffusers.
   */
  Sampler sampler(String kind, List<SamplerStep> plan, SamplerMemory memory) {
    double scale = scaledStart ? 1 : 1 / Math.sqrt(1 + 1 / Math.pow(line.greatest(), 2));
    return new Sampler(kind, plan, memory, scale);
  }

  /** A method whose every step moves from one level to the next by its own output alone. */
  Sampler onePredictionEach(
      String kind, PredictionType type, BiFunction<NoiseLevel, NoiseLevel, Move> moves) {
    List<SamplerStep> plan = new ArrayList<>();
    for (int i = 0; i < line().steps(); i++) {
      NoiseLevel level = line().at(i);
      GuidedOutput output = new GuidedOutput(type, SampleClipping.none(), level.abar());
      Move move = move(level, i + 1, moves.apply(level, line().at(i + 1)));
      plan.add(new SolverStep(level, output, SolverSpace.EPSILON, move));
    }
    return sampler(kind, plan, new SamplerMemory(1, 0));
  }
}
