package io.github.cpsample.guard;

/** No image that is far enough from the training images was found within the tries allowed. */
public final class GuaranteeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Seed of the image that was asked for. */
  private final long seed;

  /** Tries made. */
  private final int tries;

  /** Distance of the last try. */
  private final double distance;

  /**
   * Says which image failed.
   *
   * @param message what was expected, what was found, what to do
   * @param seed the image's own seed
   * @param tries how many images were sampled for it
   * @param distance root mean square difference of the last one to its nearest training image
   */
  public GuaranteeException(String message, long seed, int tries, double distance) {
    super(message);
    this.seed = seed;
    this.tries = tries;
    this.distance = distance;
  }

  /**
   * Which image.
   *
   * @return its own seed
   */
  public long seed() {
    return seed;
  }

  /**
   * How often it was tried.
   *
   * @return at least 1
   */
  public int tries() {
    return tries;
  }

  /**
   * How near the last try was.
   *
   * @return root mean square difference to the nearest training image
   */
  public double distance() {
    return distance;
  }
}
