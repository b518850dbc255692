package io.github.cpsample.inference;

/**
 * ONNX Runtime refused or failed; the message names the model, the tensors with their shapes, or
 * the device.
 */
public class InferenceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception without a cause.
   *
   * @param message names the model or device, and what to do
   */
  public InferenceException(String message) {
    super(message);
  }

  /**
   * Makes an exception with a cause.
   *
   * @param message names the model or device, and what to do
   * @param cause what failed
   */
  public InferenceException(String message, Throwable cause) {
    super(message, cause);
  }
}
