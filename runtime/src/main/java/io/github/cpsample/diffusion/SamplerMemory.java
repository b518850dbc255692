package io.github.cpsample.diffusion;

import io.github.cpsample.diffusion.Combination.Term;
import java.util.List;

/**
 * What the steps of a sampler remember of each image.
 *
 * @param predictions how many of the last predictions, the newest among them; 0 where every step
 *     uses its own alone
 * @param keeps whether an image beside x is kept
 * @param variances whether steps read {@link SamplerState#variance}
 */
public record SamplerMemory(int predictions, boolean keeps, boolean variances) {
  /** For samplers that remember nothing. */
  public static final SamplerMemory NONE = new SamplerMemory(0, false, false);

  /**
   * Checks the range.
   *
   * @param predictions at least 0
   * @param keeps whether an image beside x is kept
   * @param variances whether steps read the variances
   */
  public SamplerMemory {
    if (predictions < 0) {
      throw new IllegalArgumentException("predictions: expected at least 0, found " + predictions);
    }
  }

  /** What some steps read of earlier ones. */
  static SamplerMemory of(List<SamplerStep> steps) {
    int reach = 0;
    boolean keeps = false;
    boolean variances = false;
    for (SamplerStep step : steps) {
      variances |= step.learnsVariance();
      for (SamplerStep.Update update : step.updates()) {
        for (Combination read : List.of(update.kept(), update.next())) {
          reach = Math.max(reach, read.reach());
          keeps |= read.of(Term.KEPT) != 0;
        }
      }
    }
    return new SamplerMemory(reach > 1 ? reach : 0, keeps, variances);
  }

  /**
   * Whether steps use what earlier steps remembered, so that x may not be replaced by something
   * that those did not lead to.
   *
   * @return false where every step uses its own prediction alone
   */
  public boolean spansSteps() {
    return predictions > 0 || keeps;
  }
}
