package io.github.cpsample.diffusion;

import java.util.List;
import java.util.Objects;

/**
 * The plan of a whole trajectory: its steps in order. Immutable and safe to share between threads.
 *
 * @param kind the sampler's name in manifests, for example {@code ddim}
 * @param steps the steps, first to last, at least one; copied
 */
public record Sampler(String kind, List<SamplerStep> steps) {
  /**
   * Checks that there are steps.
   *
   * @param kind the sampler's name in manifests
   * @param steps the steps, first to last, at least one; copied
   */
  public Sampler {
    Objects.requireNonNull(kind, "kind");
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("steps: expected at least one, found none");
    }
  }
}
