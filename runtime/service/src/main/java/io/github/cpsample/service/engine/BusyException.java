package io.github.cpsample.service.engine;

/** More images are waiting than a model accepts. */
public final class BusyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int retryAfterSeconds;

  BusyException(int waiting, int most, int asked, int retryAfterSeconds) {
    super(
        "queue: expected room for "
            + asked
            + " images, found "
            + waiting
            + " of at most "
            + most
            + " accepted already; try again in "
            + retryAfterSeconds
            + " s");
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /**
   * When there may be room.
   *
   * @return in how many seconds, at least 1
   */
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
