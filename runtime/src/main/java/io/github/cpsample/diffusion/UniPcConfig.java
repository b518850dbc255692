package io.github.cpsample.diffusion;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Settings of UniPC, a multistep predictor and corrector (Zhao et al. 2023, arXiv 2302.04867).
 *
 * @param levels which noise levels are visited
 * @param order the predictor's order, 1 to 3; the corrector's is one higher
 * @param predictsSample whether the predicted image is integrated, else the predicted noise
 * @param variant the function B(h)
 * @param lowerOrderFinal whether the order falls to 1 towards the end
 * @param uncorrected indices of steps whose move the next step does not correct; copied
 * @param clipping how the predicted image is bounded
 */
public record UniPcConfig(
    SolverSteps levels,
    int order,
    boolean predictsSample,
    Variant variant,
    boolean lowerOrderFinal,
    Set<Integer> uncorrected,
    SampleClipping clipping)
    implements SamplerConfig {

  /** The sampler's name. */
  public static final String KIND = "unipc";

  /** The function B(h) of the paper. */
  public enum Variant {
    /** {@code B(h) = h}. */
    BH1,
    /** {@code B(h) = e^h - 1}. */
    BH2
  }

  /**
   * Checks the ranges.
   *
   * @param levels which noise levels are visited
   * @param order 1 to 3
   * @param predictsSample whether the predicted image is integrated
   * @param variant the function B(h)
   * @param lowerOrderFinal whether the order falls to 1 towards the end
   * @param uncorrected indices of steps; copied
   * @param clipping how the predicted image is bounded
   */
  public UniPcConfig {
    Objects.requireNonNull(levels, "levels");
    Objects.requireNonNull(variant, "variant");
    Objects.requireNonNull(clipping, "clipping");
    uncorrected = Set.copyOf(uncorrected);
    DpmMultistepConfig.requireOrder(order, 3);
  }

  /**
   * As is usual: the predicted image, B(h) = e^h - 1, lower order at the end, no bound of images.
   *
   * @param steps at least 1
   * @param order 1 to 3
   * @return the settings
   */
  public static UniPcConfig of(int steps, int order) {
    return new UniPcConfig(
        SolverSteps.of(steps), order, true, Variant.BH2, true, Set.of(), SampleClipping.none());
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Sampler create(NoiseSchedule schedule, PredictionType predictionType) {
    Timeline line = levels.wholeTimesteps(schedule);
    UniPcWeights weights = new UniPcWeights(predictsSample, variant == Variant.BH1);
    List<SamplerStep> plan = new ArrayList<>();
    for (int i = 0; i < line.steps(); i++) {
      NoiseLevel level = line.at(i);
      GuidedOutput output = new GuidedOutput(predictionType, clipping, level.abar());
      Move[] predictors = new Move[reach(line, i)];
      for (int k = 0; k < predictors.length; k++) {
        predictors[k] = weights.predictor(line.history(i, k + 1), line.at(i + 1));
      }
      plan.add(
          new UniPcStep(level, output, weights.space(), predictors, correctors(line, i, weights)));
    }
    return new Sampler(KIND, plan, new SamplerMemory(order + 1, 1), 1);
  }

  private Move[] correctors(Timeline line, int index, UniPcWeights weights) {
    boolean moved = index > 0 && line.at(index - 1).sigma != line.at(index).sigma;
    Move[] correctors =
        new Move[moved && !uncorrected.contains(index - 1) ? reach(line, index - 1) : 0];
    for (int k = 0; k < correctors.length; k++) {
      correctors[k] = weights.corrector(line.history(index - 1, k + 1), line.at(index));
    }
    return correctors;
  }

  /** The greatest order of a step's predictor. */
  private int reach(Timeline line, int index) {
    int most = lowerOrderFinal ? Math.min(order, line.steps() - index) : order;
    return Math.min(most, index + 1);
  }
}
