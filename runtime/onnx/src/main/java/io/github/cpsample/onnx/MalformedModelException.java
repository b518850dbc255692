package io.github.cpsample.onnx;

/** A model that cannot be read or does not make sense; the message says what is wrong where. */
public final class MalformedModelException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  /**
   * A model is refused.
   *
   * @param message what was expected and what was found
   */
  public MalformedModelException(String message) {
    super(message);
  }

  /**
   * A model is refused because of another failure.
   *
   * @param message what was expected and what was found
   * @param cause the failure
   */
  public MalformedModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
