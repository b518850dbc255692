package io.github.cpsample.evaluation.replication;

import io.github.cpsample.evaluation.statistics.RowSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Which rows are no copies of earlier ones, number for number (0 and -0 are equal). Otherwise the
 * copy of a training image would be its own second nearest neighbour, and hide every replica of it
 * from a rule that compares the two. Rows are read from where they are and not kept.
 */
final class DistinctIndices {

  private final Space space;
  private final Map<Long, int[]> byHash = new HashMap<>();
  private final float[] other;

  private DistinctIndices(Space space) {
    this.space = space;
    this.other = new float[space.training().width()];
  }

  /**
   * Finds them.
   *
   * @param space whose training images are looked at
   * @param among indices of those that count; ascending
   * @return the first of every group of equal ones, ascending
   * @throws IllegalArgumentException if a number is not finite
   */
  static int[] of(Space space, int[] among) {
    DistinctIndices distinct = new DistinctIndices(space);
    float[] row = new float[space.training().width()];
    return Arrays.stream(among).filter(index -> distinct.isNew(index, row)).toArray();
  }

  /**
   * Looks at images until it has seen enough.
   *
   * @param space whose training images are looked at
   * @param least so many have to differ and to have a direction
   * @throws IllegalArgumentException if there are fewer, or a number is not finite
   */
  static void requireEnough(Space space, int least) {
    DistinctIndices distinct = new DistinctIndices(space);
    float[] row = new float[space.training().width()];
    long found =
        IntStream.range(0, space.training().size())
            .filter(index -> distinct.isNew(index, row) && Directions.has(row))
            .limit(least)
            .count();
    if (found < least) {
      throw tooFew(space.name(), least, found);
    }
  }

  /** What is thrown where there are too few training images to search. */
  static IllegalArgumentException tooFew(String space, int least, long found) {
    return new IllegalArgumentException(
        space
            + ": expected at least "
            + least
            + " training images that differ and are not zero, found "
            + found);
  }

  private boolean isNew(int index, float[] row) {
    RowSource training = space.training();
    training.read(index, row, 0);
    long hash = hash(index, row);
    int[] alike = byHash.getOrDefault(hash, new int[0]);
    if (IntStream.of(alike).anyMatch(earlier -> equal(row, earlier))) {
      return false;
    }
    int[] longer = Arrays.copyOf(alike, alike.length + 1);
    longer[alike.length] = index;
    byHash.put(hash, longer);
    return true;
  }

  private long hash(int index, float[] row) {
    long hash = 1;
    for (float value : row) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            space.name()
                + " of training image "
                + index
                + ": expected finite values, found "
                + value);
      }
      hash = 0x100000001B3L * (hash ^ Float.floatToIntBits(value + 0.0f));
      hash ^= hash >>> 32;
    }
    return hash;
  }

  private boolean equal(float[] row, int earlier) {
    space.training().read(earlier, other, 0);
    for (int i = 0; i < row.length; i++) {
      if (row[i] != other[i]) {
        return false;
      }
    }
    return true;
  }
}
