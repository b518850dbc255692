package io.github.cpsample.random;

/** An endless stream of standard normal numbers. Not thread-safe. */
public interface NormalStream {

  /**
   * Writes the next numbers of the stream.
   *
   * @param target where to write
   * @param offset the first index to write
   * @param length how many numbers
   */
  void fill(float[] target, int offset, int length);
}
