package io.github.cpsample.diffusion;

import java.util.Arrays;

/**
 * How the timesteps of a short trajectory are chosen among the T training timesteps (Lin et al.
 * 2024, table 2).
 */
public enum TimestepSpacing {
  /** {@code i * (T / n)} by whole division, plus the steps offset; starts below T - 1. */
  LEADING("leading"),
  /** {@code n} rounded points equally spaced from 0 to T - 1. */
  LINSPACE("linspace"),
  /** {@code round(T - i T / n) - 1}: starts at T - 1. */
  TRAILING("trailing");

  private final String jsonName;

  TimestepSpacing(String jsonName) {
    this.jsonName = jsonName;
  }

  /**
   * The name used in manifests.
   *
   * @return for example {@code leading}
   */
  public String jsonName() {
    return jsonName;
  }

  /**
   * Finds a spacing by the name used in manifests.
   *
   * @param name for example {@code leading}
   * @return the spacing
   * @throws IllegalArgumentException if there is no such spacing
   */
  public static TimestepSpacing ofJsonName(String name) {
    return Arrays.stream(values())
        .filter(spacing -> spacing.jsonName.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "timestepSpacing: expected leading, linspace or trailing, found " + name));
  }
}
