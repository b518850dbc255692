package io.github.cpsample.service.settings;

import io.github.cpsample.base.Checks;
import io.github.cpsample.service.engine.EngineSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What an operator may set. Immutable: every {@code with} method returns a changed copy.
 *
 * @param host the address that is listened at
 * @param port the port, 0 for any free one
 * @param keys requests must have one of them; empty for an open service
 * @param limits what a request may cost
 * @param engine how images are computed together
 * @param reports whether answers say in how many steps an image was guarded: they then help to tell
 *     training images from others
 * @param generateOnly whether requests with images are refused
 * @param allowUnprotected whether images without protection may be asked for, which may be copies
 *     of training images
 */
public record ServiceSettings(
    String host,
    int port,
    Optional<ApiKeys> keys,
    Limits limits,
    EngineSettings engine,
    boolean reports,
    boolean generateOnly,
    boolean allowUnprotected) {

  /**
   * This machine's own address at port 8080, no keys, standard limits, 16 places, 256 images
   * accepted, no lingering, no reports, images taken, always protected.
   */
  public static final ServiceSettings STANDARD =
      new ServiceSettings(
          "127.0.0.1",
          8080,
          Optional.empty(),
          Limits.STANDARD,
          new EngineSettings(16, 256, Duration.ZERO),
          false,
          false,
          false);

  /**
   * Checks that nothing is missing.
   *
   * @param host as the component says
   * @param port as the component says
   * @param keys as the component says
   * @param limits as the component says
   * @param engine as the component says
   * @param reports as the component says
   * @param generateOnly as the component says
   * @param allowUnprotected as the component says
   * @throws IllegalArgumentException if the port is none, or a request may have more images than
   *     are accepted
   */
  public ServiceSettings {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(keys, "keys");
    Checks.argument(port >= 0 && port <= 65_535, "port", "0 to 65535", port);
    Checks.argument(
        limits.images() <= engine.mostImages(),
        "images per request",
        "at most the queue's " + engine.mostImages(),
        limits.images());
  }

  /**
   * Listens elsewhere.
   *
   * @param newHost the address
   * @param newPort the port
   * @return a changed copy
   */
  public ServiceSettings at(String newHost, int newPort) {
    return new ServiceSettings(
        newHost, newPort, keys, limits, engine, reports, generateOnly, allowUnprotected);
  }

  /**
   * Asks for keys.
   *
   * @param newKeys the keys
   * @return a changed copy
   */
  public ServiceSettings with(ApiKeys newKeys) {
    return new ServiceSettings(
        host, port, Optional.of(newKeys), limits, engine, reports, generateOnly, allowUnprotected);
  }

  /**
   * Changes what a request may cost.
   *
   * @param newLimits the limits
   * @return a changed copy
   */
  public ServiceSettings with(Limits newLimits) {
    return new ServiceSettings(
        host, port, keys, newLimits, engine, reports, generateOnly, allowUnprotected);
  }

  /**
   * Changes how images are computed together.
   *
   * @param newEngine how
   * @return a changed copy
   */
  public ServiceSettings with(EngineSettings newEngine) {
    return new ServiceSettings(
        host, port, keys, limits, newEngine, reports, generateOnly, allowUnprotected);
  }

  /**
   * Adds reports to answers.
   *
   * @param on whether
   * @return a changed copy
   */
  public ServiceSettings withReports(boolean on) {
    return new ServiceSettings(
        host, port, keys, limits, engine, on, generateOnly, allowUnprotected);
  }

  /**
   * Refuses requests with images.
   *
   * @param on whether
   * @return a changed copy
   */
  public ServiceSettings withGenerateOnly(boolean on) {
    return new ServiceSettings(host, port, keys, limits, engine, reports, on, allowUnprotected);
  }

  /**
   * Allows images without protection.
   *
   * @param on whether
   * @return a changed copy
   */
  public ServiceSettings withUnprotected(boolean on) {
    return new ServiceSettings(host, port, keys, limits, engine, reports, generateOnly, on);
  }
}
