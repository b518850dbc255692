package io.github.cpsample.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of numbers in blocks of up to 256, each block with one array for the first numbers of all
 * its rows, one for the second ones and so on: a processor compares one query with eight or more
 * rows at once that way. (One array per dimension, since the Java compiler uses vector instructions
 * only where it sees that arrays do not overlap.) Grows to as many rows as memory holds. Not
 * thread-safe while rows are added.
 */
public final class RowBlocks {

  /** Rows per block, but for the last one. */
  static final int ROWS = 256;

  private static final int FIRST_ROWS = 16;

  /** Dimensions that are compared with all queries before the next ones; a multiple of 2. */
  private static final int TILE = 16;

  private final int dimension;
  private final List<float[][]> blocks = new ArrayList<>();
  private int size;

  /**
   * No rows yet.
   *
   * @param dimension numbers per row, at least 1
   */
  public RowBlocks(int dimension) {
    if (dimension < 1) {
      throw new IllegalArgumentException(
          "dimension: expected at least 1 number per row, found " + dimension);
    }
    this.dimension = dimension;
  }

  /**
   * Adds a row.
   *
   * @param row finite numbers, copied
   * @throws IllegalArgumentException if it has another length or a number is not finite
   */
  public void add(float[] row) {
    if (row.length != dimension) {
      throw new IllegalArgumentException(
          "row " + size + ": expected " + dimension + " numbers, found " + row.length);
    }
    for (float value : row) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            "row " + size + ": expected finite values, found " + value);
      }
    }
    int column = size % ROWS;
    if (column == 0) {
      blocks.add(new float[dimension][FIRST_ROWS]);
    }
    float[][] block = blocks.get(size / ROWS);
    if (column == block[0].length) {
      widen(block);
    }
    for (int d = 0; d < dimension; d++) {
      block[d][column] = row[d];
    }
    size++;
  }

  /** A block of few rows takes little memory; it grows to its full width by fours. */
  private static void widen(float[][] block) {
    int width = 4 * block[0].length;
    for (int d = 0; d < block.length; d++) {
      block[d] = Arrays.copyOf(block[d], width);
    }
  }

  /**
   * Copies a row out.
   *
   * @param index from 0
   * @return a new array
   */
  public float[] row(int index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException("row " + index + " of " + size);
    }
    float[][] block = blocks.get(index / ROWS);
    float[] row = new float[dimension];
    for (int d = 0; d < dimension; d++) {
      row[d] = block[d][index % ROWS];
    }
    return row;
  }

  /**
   * The number of rows.
   *
   * @return at least 0
   */
  public int size() {
    return size;
  }

  /**
   * Numbers per row.
   *
   * @return at least 1
   */
  public int dimension() {
    return dimension;
  }

  /** The number of blocks. */
  int blocks() {
    return blocks.size();
  }

  /** Rows that a block has room for; those beyond {@link #size} are zero. */
  int width(int number) {
    return blocks.get(number)[0].length;
  }

  /**
   * The squared distances between queries and all rows of a block, in single precision: every
   * result is within {@link #relativeError} of the true one. Goes through the block in tiles that
   * stay in a processor's nearest cache while all queries are compared with them, and takes two
   * dimensions at a time, so that a sum is loaded and stored once for two of them.
   *
   * @param number of the block
   * @param queries rows of {@link #dimension} numbers
   * @param sums for every query {@link #width} numbers, zero before
   */
  void squaredDistances(int number, float[][] queries, float[][] sums) {
    float[][] block = blocks.get(number);
    for (int from = 0; from < dimension; from += TILE) {
      int to = Math.min(dimension, from + TILE);
      for (int query = 0; query < queries.length; query++) {
        add(block, from, to, queries[query], sums[query]);
      }
    }
  }

  private static void add(float[][] block, int from, int to, float[] query, float[] sums) {
    int d = from;
    for (; d + 1 < to; d += 2) {
      addTwo(block[d], block[d + 1], query[d], query[d + 1], sums);
    }
    if (d < to) {
      addOne(block[d], query[d], sums);
    }
  }

  private static void addTwo(
      float[] first, float[] second, float value0, float value1, float[] sums) {
    for (int j = 0; j < sums.length; j++) {
      float difference0 = value0 - first[j];
      float difference1 = value1 - second[j];
      sums[j] = sums[j] + difference0 * difference0 + difference1 * difference1;
    }
  }

  private static void addOne(float[] numbers, float value, float[] sums) {
    for (int j = 0; j < sums.length; j++) {
      float difference = value - numbers[j];
      sums[j] = sums[j] + difference * difference;
    }
  }

  /**
   * How wrong a squared distance may be, relative to the true one. A difference, its square and up
   * to {@code dimension + 1} additions of numbers that are not negative each round once, by at most
   * 2^-24; a difference's rounding counts twice.
   */
  double relativeError() {
    double roundings = (dimension + 4.0) * 0x1p-24;
    return roundings < 1 ? roundings / (1 - roundings) : Double.POSITIVE_INFINITY;
  }
}
