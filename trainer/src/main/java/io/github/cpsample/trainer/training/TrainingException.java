package io.github.cpsample.trainer.training;

/** Training cannot go on; the message says at which step and why. */
public final class TrainingException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /**
   * A failure with its explanation.
   *
   * @param message what was expected, what was found, what to do
   */
  public TrainingException(String message) {
    super(message);
  }
}
