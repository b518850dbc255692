package io.github.cpsample.similarity;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of numbers in blocks of 64, each block with the first numbers of all its rows side by side,
 * then the second ones and so on: a processor compares one query with eight or more rows at once
 * that way. Grows to as many rows as memory holds. Not thread-safe while rows are added.
 */
public final class RowBlocks {

  /** Rows per block. */
  static final int ROWS = 64;

  private final int dimension;
  private final List<float[]> blocks = new ArrayList<>();
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
    Math.multiplyExact(dimension, ROWS);
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
      blocks.add(new float[dimension * ROWS]);
    }
    float[] block = blocks.get(size / ROWS);
    for (int d = 0; d < dimension; d++) {
      block[d * ROWS + column] = row[d];
    }
    size++;
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
    float[] block = blocks.get(index / ROWS);
    float[] row = new float[dimension];
    for (int d = 0; d < dimension; d++) {
      row[d] = block[d * ROWS + index % ROWS];
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

  /** The number of blocks; the last one is filled up with zeros. */
  int blocks() {
    return blocks.size();
  }

  /**
   * The squared distances between a query and all rows of a block, in single precision: every
   * result is within {@link #relativeError} of the true one. Four dimensions at a time, so that a
   * sum is loaded and stored once for four of them.
   */
  void squaredDistances(int number, float[] query, float[] target) {
    float[] block = blocks.get(number);
    int d = 0;
    for (; d + 3 < dimension; d += 4) {
      addFour(block, d * ROWS, query, d, target);
    }
    for (; d < dimension; d++) {
      addOne(block, d * ROWS, query[d], target);
    }
  }

  private static void addFour(float[] block, int at, float[] query, int d, float[] sums) {
    float q0 = query[d];
    float q1 = query[d + 1];
    float q2 = query[d + 2];
    float q3 = query[d + 3];
    for (int j = 0; j < ROWS; j++) {
      float difference0 = q0 - block[at + j];
      float difference1 = q1 - block[at + ROWS + j];
      float difference2 = q2 - block[at + 2 * ROWS + j];
      float difference3 = q3 - block[at + 3 * ROWS + j];
      sums[j] +=
          difference0 * difference0
              + difference1 * difference1
              + (difference2 * difference2 + difference3 * difference3);
    }
  }

  private static void addOne(float[] block, int at, float value, float[] sums) {
    for (int j = 0; j < ROWS; j++) {
      float difference = value - block[at + j];
      sums[j] += difference * difference;
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
