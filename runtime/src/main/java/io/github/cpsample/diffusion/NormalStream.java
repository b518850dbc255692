package io.github.cpsample.diffusion;

/**
 * A deterministic stream of standard normal numbers. Has state: not safe for use by several threads
 * at once.
 */
public interface NormalStream {
  /**
   * Writes the next numbers of the stream: one draw.
   *
   * @param target receives the numbers
   * @param offset where to start
   * @param length how many
   */
  void fill(float[] target, int offset, int length);
}
