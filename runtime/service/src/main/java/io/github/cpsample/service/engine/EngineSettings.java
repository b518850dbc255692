package io.github.cpsample.service.engine;

import io.github.cpsample.base.Checks;
import java.time.Duration;
import java.util.Objects;

/**
 * How a model's images are computed together.
 *
 * @param places the most images that share a call of the denoiser, at least 1
 * @param mostImages the most images that are accepted and not finished; more are refused
 * @param linger how long the first request of an idle model waits for company; zero for not at all
 */
public record EngineSettings(int places, int mostImages, Duration linger) {
  /**
   * Checks the numbers.
   *
   * @param places as the component says
   * @param mostImages as the component says
   * @param linger as the component says
   * @throws IllegalArgumentException if a number is out of range
   */
  public EngineSettings {
    Objects.requireNonNull(linger, "linger");
    Checks.atLeast("places", places, 1);
    Checks.atLeast("mostImages", mostImages, 1);
    Checks.argument(!linger.isNegative(), "linger", "no negative time", linger);
  }
}
