package io.github.cpsample.bundle;

/**
 * A bundle that is missing, damaged, altered, or does not fit this version. The message names the
 * bundle and the thing, what was expected and what was found.
 */
public final class BundleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception without a cause.
   *
   * @param message names the bundle, the thing, expected and found
   */
  public BundleException(String message) {
    super(message);
  }

  /**
   * Makes an exception with a cause.
   *
   * @param message names the bundle, the thing, expected and found
   * @param cause what failed
   */
  public BundleException(String message, Throwable cause) {
    super(message, cause);
  }
}
