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
 * @param idle how long a connection may be silent on which nothing is awaited from the service
 */
public record Limits(
    long bodyBytes, int images, int steps, long pixels, Duration time, Duration idle) {
  /** 16 MiB, 16 images, 250 steps, 2^24 pixels, 2 minutes, 30 seconds of silence. */
  public static final Limits STANDARD =
      new Limits(16L << 20, 16, 250, 1L << 24, Duration.ofMinutes(2), Duration.ofSeconds(30));

  /**
   * Checks the numbers.
   *
   * @param bodyBytes as the component says
   * @param images as the component says
   * @param steps as the component says
   * @param pixels as the component says
   * @param time as the component says
   * @param idle as the component says
   * @throws IllegalArgumentException if one is below 1
   */
  public Limits {
    Objects.requireNonNull(time, "time");
    Checks.atLeast("bodyBytes", bodyBytes, 1);
    Checks.atLeast("images", images, 1);
    Checks.atLeast("steps", steps, 1);
    Checks.atLeast("pixels", pixels, 1);
    Checks.atLeast("time", time.toMillis(), 1);
    Checks.atLeast("idle", idle.toMillis(), 1);
  }

  /**
   * Standard silence.
   *
   * @param bodyBytes as the component says
   * @param images as the component says
   * @param steps as the component says
   * @param pixels as the component says
   * @param time as the component says
   */
  public Limits(long bodyBytes, int images, int steps, long pixels, Duration time) {
    this(bodyBytes, images, steps, pixels, time, STANDARD.idle);
  }

  /**
   * Changes how long a connection may be silent.
   *
   * @param newIdle the time
   * @return a changed copy
   */
  public Limits withIdle(Duration newIdle) {
    return new Limits(bodyBytes, images, steps, pixels, time, newIdle);
  }
}
