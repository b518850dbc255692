package io.github.cpsample.trainer.data;

import java.util.SplittableRandom;

/** A seeded permutation of {@code 0 .. n-1}; the same on every Java version. Immutable. */
final class Permutation {

  private final int[] order;

  private Permutation(int[] order) {
    this.order = order;
  }

  /** Fisher and Yates, with bounded numbers taken from the upper half of each 64-bit draw. */
  static Permutation shuffled(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int other = (int) (((random.nextLong() >>> 32) * (i + 1L)) >>> 32);
      order[i] = order[other];
      order[other] = i;
    }
    return new Permutation(order);
  }

  int at(int position) {
    return order[position];
  }
}
