package io.github.cpsample.tools.audit.replication;

/**
 * Where images are compared.
 *
 * @param name {@link #PIXELS} or the name of an embedder
 * @param dimension numbers per image, at least 1
 */
public record Space(String name, int dimension) {

  /** The name of the space of pixels. */
  public static final String PIXELS = "pixels";

  /**
   * Checks the number.
   *
   * @param name as the component says
   * @param dimension at least 1
   */
  public Space {
    if (dimension < 1) {
      throw new IllegalArgumentException(
          "space " + name + ": expected at least 1 number per image, found " + dimension);
    }
  }

  /**
   * The space of pixels.
   *
   * @param dimension C*H*W
   * @return it
   */
  public static Space pixels(int dimension) {
    return new Space(PIXELS, dimension);
  }
}
