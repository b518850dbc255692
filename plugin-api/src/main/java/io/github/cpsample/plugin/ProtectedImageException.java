package io.github.cpsample.plugin;

import java.util.Objects;

/**
 * The one exception of this SPI. Providers wrap whatever fails inside them, so that a host needs no
 * class of a plugin's class loader to handle an error; the message names the thing, what was
 * expected, what was found and what to do.
 */
public final class ProtectedImageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * What kind of failure it was. Later versions may add constants: give a {@code switch} a default.
   */
  public enum Reason {
    /** No provider or model has the name, or nothing lies at the path. */
    NOT_FOUND,
    /** The model was found but is damaged, altered or does not fit this version. */
    MODEL_REFUSED,
    /** The device was asked for by name and cannot be used; the message says what to install. */
    DEVICE_UNAVAILABLE,
    /** The request asks for something the model or operation cannot do. */
    INVALID_REQUEST,
    /** An image was too close to a training image in every try that the guarantee allowed. */
    TOO_CLOSE,
    /** {@link GenerationListener#isCancelled()} returned true or the thread was interrupted. */
    CANCELLED,
    /** The generator was closed before or during the call. */
    CLOSED,
    /** Anything else that failed while images were computed; the cause has the details. */
    FAILED
  }

  private final Reason reason;

  /**
   * Makes an exception without a cause.
   *
   * @param reason the kind of failure
   * @param message what was expected, what was found, what to do
   */
  public ProtectedImageException(Reason reason, String message) {
    super(message);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /**
   * Makes an exception with a cause.
   *
   * @param reason the kind of failure
   * @param message what was expected, what was found, what to do
   * @param cause what failed inside the provider
   */
  public ProtectedImageException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /**
   * Says what kind of failure it was.
   *
   * @return the reason, never null
   */
  public Reason reason() {
    return reason;
  }
}
