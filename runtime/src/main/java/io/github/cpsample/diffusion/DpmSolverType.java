package io.github.cpsample.diffusion;

import java.util.Arrays;

/** How a second-order DPM-Solver weighs the first derivative. */
public enum DpmSolverType {
  /** By half the weight of the value. */
  MIDPOINT("midpoint"),
  /** By the exact integral. */
  HEUN("heun");

  private final String jsonName;

  DpmSolverType(String jsonName) {
    this.jsonName = jsonName;
  }

  double ofFirst(DpmAlgorithm.Weights weights) {
    return this == MIDPOINT ? weights.value() / 2 : weights.first();
  }

  /**
   * The name that scheduler_config.json uses.
   *
   * @return {@code midpoint} or {@code heun}
   */
  public String jsonName() {
    return jsonName;
  }

  /**
   * Finds a type by name.
   *
   * @param name {@code midpoint} or {@code heun}
   * @return the type
   * @throws IllegalArgumentException if there is no such type
   */
  public static DpmSolverType ofJsonName(String name) {
    return Arrays.stream(values())
        .filter(type -> type.jsonName.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "solver type: expected midpoint or heun, found " + name));
  }
}
