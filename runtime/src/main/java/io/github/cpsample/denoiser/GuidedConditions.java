package io.github.cpsample.denoiser;

import java.util.Objects;
import java.util.Optional;

/**
 * What one image is conditioned on. Immutable.
 *
 * @param with the condition
 * @param without no condition, or what the image shall not show; empty where the condition alone
 *     counts
 * @param guidance how both are weighed
 */
public record GuidedConditions(
    Conditions with, Optional<Conditions> without, Conditioning.Guidance guidance) {
  /** An unconditional denoiser's. */
  public static final GuidedConditions NONE =
      new GuidedConditions(Conditions.none(), Optional.empty(), Conditioning.Guidance.NONE);

  public GuidedConditions {
    Objects.requireNonNull(with, "with");
    Objects.requireNonNull(without, "without");
    Objects.requireNonNull(guidance, "guidance");
  }

  /**
   * How many predictions an image needs in each step.
   *
   * @return 2 where it is guided, else 1
   */
  public int predictions() {
    return without.isPresent() ? 2 : 1;
  }
}
