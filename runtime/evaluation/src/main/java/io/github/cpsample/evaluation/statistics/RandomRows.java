package io.github.cpsample.evaluation.statistics;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/** Draws without replacement. */
public final class RandomRows {

  private RandomRows() {}

  /**
   * Some of n rows: the first part of a shuffle.
   *
   * @param random the source of chance; goes on by {@code size} numbers
   * @param rows n, at least {@code size}
   * @param size how many
   * @return different indices in [0, n), in random order
   */
  public static int[] draw(Random random, int rows, int size) {
    int[] shuffled = IntStream.range(0, rows).toArray();
    for (int i = 0; i < size; i++) {
      int other = i + random.nextInt(rows - i);
      int row = shuffled[other];
      shuffled[other] = shuffled[i];
      shuffled[i] = row;
    }
    return Arrays.copyOf(shuffled, size);
  }
}
