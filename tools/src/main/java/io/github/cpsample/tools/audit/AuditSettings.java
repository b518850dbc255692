package io.github.cpsample.tools.audit;

/**
 * What an audit does. Everything is fixed beforehand; nothing is picked by what comes out.
 *
 * @param count images sampled per side
 * @param seed image i of either side is made from {@code seed + i}; draws of attacks and intervals
 *     follow from it, too
 * @param batch images computed together
 * @param attackImages the largest number of training images, and of held-out images, that are
 *     attacked
 */
public record AuditSettings(int count, long seed, int batch, int attackImages) {

  /**
   * Checks the numbers.
   *
   * @param count at least 4, since distances need some images
   * @param seed any
   * @param batch at least 1
   * @param attackImages at least 2
   */
  public AuditSettings {
    atLeast("count", count, 4);
    atLeast("batch", batch, 1);
    atLeast("attackImages", attackImages, 2);
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          name + ": expected at least " + least + ", found " + value);
    }
  }
}
