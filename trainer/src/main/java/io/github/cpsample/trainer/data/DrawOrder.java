package io.github.cpsample.trainer.data;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Which image the draw number g of an endless shuffled stream is. Draws {@code [e*n, (e+1)*n)} are
 * epoch e: a permutation of all n images that depends on the seed and e alone. So the stream has no
 * state but the number, and can be entered anywhere. Thread-safe.
 */
final class DrawOrder {

  private static final long EPOCH_STREAM = 0x9E3779B97F4A7C15L;
  private static final long FLIP_STREAM = 0xD1B54A32D192ED03L;

  private final int size;
  private final long seed;
  private @Nullable Epoch recent;
  private @Nullable Epoch older;

  private record Epoch(long number, Permutation order) {}

  DrawOrder(int size, long seed) {
    this.size = size;
    this.seed = seed;
  }

  /**
   * The image at {@code draw}, moved on by {@code skip} places, cyclically, inside the same epoch.
   */
  int index(long draw, int skip) {
    int position = (int) ((draw % size + skip) % size);
    return epoch(draw / size).at(position);
  }

  /** Whether the draw is mirrored: a coin toss that depends on the seed and the draw alone. */
  boolean flipped(long draw) {
    return mix(mix(seed ^ FLIP_STREAM) + draw) < 0;
  }

  private synchronized Permutation epoch(long number) {
    if (recent == null || recent.number() != number) {
      Epoch wanted = older != null && older.number() == number ? older : draw(number);
      older = recent;
      recent = wanted;
    }
    return recent.order();
  }

  private Epoch draw(long number) {
    return new Epoch(number, Permutation.shuffled(size, mix(mix(seed ^ EPOCH_STREAM) + number)));
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014). */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** A seeded permutation of {@code 0 .. n-1}; the same on every Java version. Immutable. */
  private static final class Permutation {

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
}
