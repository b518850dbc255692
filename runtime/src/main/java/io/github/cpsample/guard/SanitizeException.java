package io.github.cpsample.guard;

/** An image was still too close after all tries. */
public final class SanitizeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Says what failed.
   *
   * @param message what was expected, what was found, what to do
   */
  public SanitizeException(String message) {
    super(message);
  }
}
