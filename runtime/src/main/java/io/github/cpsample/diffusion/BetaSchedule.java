package io.github.cpsample.diffusion;

import java.util.Arrays;

/** How the betas of a {@link NoiseSchedule} are given. */
public enum BetaSchedule {
  /** Betas equally spaced from {@code betaStart} to {@code betaEnd}. */
  LINEAR("linear"),
  /** Square roots of the betas equally spaced. */
  SCALED_LINEAR("scaled-linear"),
  /** The squared-cosine table of Nichol and Dhariwal (2021), betas capped at 0.999. */
  SQUARED_COSINE("squared-cosine"),
  /** The betas are listed one by one. */
  EXPLICIT("explicit");

  private final String jsonName;

  BetaSchedule(String jsonName) {
    this.jsonName = jsonName;
  }

  /**
   * The name used in manifests.
   *
   * @return for example {@code scaled-linear}
   */
  public String jsonName() {
    return jsonName;
  }

  /**
   * Finds a kind by the name used in manifests.
   *
   * @param name for example {@code linear}
   * @return the kind
   * @throws IllegalArgumentException if there is no such kind
   */
  public static BetaSchedule ofJsonName(String name) {
    return Arrays.stream(values())
        .filter(kind -> kind.jsonName.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "noise schedule kind: expected linear, scaled-linear, squared-cosine or"
                        + " explicit, found "
                        + name));
  }
}
