package io.github.cpsample.trainer.data;

/**
 * A data set as a whole cannot be used: its folder is empty, its file is truncated, its magic
 * number is wrong. The message names the path, what was expected and what was found. A single image
 * that cannot be read is a {@link BrokenImageException} instead.
 */
public final class DataException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * A fault found in the data themselves.
   *
   * @param message names the data set, what was expected and what was found
   */
  public DataException(String message) {
    super(message);
  }

  /**
   * A fault with an underlying cause, as a rule an I/O error.
   *
   * @param message names the data set, what was expected and what was found
   * @param cause the underlying fault
   */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
