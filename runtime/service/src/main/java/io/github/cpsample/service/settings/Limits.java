package io.github.cpsample.service.settings;

import io.github.cpsample.base.Checks;
import java.time.Duration;
import java.util.Objects;

/**
 * What a single request may cost. Requests for more are refused.
 *
 * @param bodyBytes the longest body
 * @param images the most images
 * @param steps the most steps of an image
 * @param pixels the most pixels of an image that is given, by its own declaration
 * @param time how long it may take, its wait included
 */
public record Limits(long bodyBytes, int images, int steps, long pixels, Duration time) {
  /** 16 MiB, 16 images, 250 steps, 2^24 pixels, 2 minutes. */
  public static final Limits STANDARD =
      new Limits(16L << 20, 16, 250, 1L << 24, Duration.ofMinutes(2));

  /**
   * Checks the numbers.
   *
   * @param bodyBytes as the component says
   * @param images as the component says
   * @param steps as the component says
   * @param pixels as the component says
   * @param time as the component says
   * @throws IllegalArgumentException if one is below 1
   */
  public Limits {
    Objects.requireNonNull(time, "time");
    Checks.atLeast("bodyBytes", bodyBytes, 1);
    Checks.atLeast("images", images, 1);
    Checks.atLeast("steps", steps, 1);
    Checks.atLeast("pixels", pixels, 1);
    Checks.atLeast("time", time.toMillis(), 1);
  }
}
