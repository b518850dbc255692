package io.github.cpsample.diffusion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Settings of Heun's method in sigma space (Karras et al. 2022, algorithm 1): the denoiser is
 * called at both ends of each interval but the last, 2n - 1 times.
 *
 * @param levels which noise levels are visited
 * @param clipping how the predicted image is bounded
 */
record HeunConfig(SolverSteps levels, SampleClipping clipping) implements SamplerConfig {
  /** The sampler's name. */
  public static final String KIND = "heun";

  public HeunConfig {
    Objects.requireNonNull(levels, "levels");
    Objects.requireNonNull(clipping, "clipping");
  }

  /**
   * Linspace spacing, ending at a clean image, no bound of predicted images.
   *
   * @param steps the number of intervals, at least 1
   * @return the settings
   */
  public static HeunConfig of(int steps) {
    return new HeunConfig(SolverSteps.of(steps), SampleClipping.none());
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Sampler create(NoiseSchedule schedule, PredictionType predictionType) {
    SigmaSpace space = new SigmaSpace(levels, schedule);
    SolverSteps.Timeline line = space.line();
    List<SamplerStep> plan = new ArrayList<>();
    for (int i = 0; i < line.steps(); i++) {
      NoiseLevel level = line.at(i);
      NoiseLevel next = line.at(i + 1);
      double distance = next.sigma() - level.sigma();
      DenoiserOutput output = new DenoiserOutput(predictionType, clipping, level);
      plan.add(
          SamplerStep.multistep(output, output::epsilon, space.move(level, i + 1, 0, distance)));
      if (!line.isLast(i)) {
        DenoiserOutput end = new DenoiserOutput(predictionType, clipping, next);
        Combination again = space.move(level, i + 1, 0, distance / 2, distance / 2);
        plan.add(
            SamplerStep.solver(
                end,
                end::epsilon,
                Arrays.asList(null, new SamplerStep.Move(Combination.KEPT, again))));
      }
    }
    return space.sampler(KIND, plan);
  }
}
