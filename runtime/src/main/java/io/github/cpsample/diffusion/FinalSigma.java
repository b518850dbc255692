package io.github.cpsample.diffusion;

import java.util.Arrays;

/** The noise level at which a trajectory ends. */
public enum FinalSigma {
  /** No noise: a clean image. */
  ZERO("zero"),
  /** The level of timestep 0. */
  SIGMA_MIN("sigma_min");

  private final String jsonName;

  FinalSigma(String jsonName) {
    this.jsonName = jsonName;
  }

  double of(SigmaTable table) {
    return this == ZERO ? 0 : table.least();
  }

  /**
   * The name that scheduler_config.json uses.
   *
   * @return {@code zero} or {@code sigma_min}
   */
  public String jsonName() {
    return jsonName;
  }

  /**
   * Finds an end by name.
   *
   * @param name {@code zero} or {@code sigma_min}
   * @return the end
   * @throws IllegalArgumentException if there is no such end
   */
  public static FinalSigma ofJsonName(String name) {
    return Arrays.stream(values())
        .filter(end -> end.jsonName.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "final sigma: expected zero or sigma_min, found " + name));
  }
}
