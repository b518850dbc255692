package io.github.cpsample.evaluation.comparators;

import java.util.Arrays;

/**
 * How near an image is to its nearest one in a bank, by the scale-free distance {@code nL2} of
 * Carlini et al. 2023 as AMG takes it: the least of {@code l2 = sqrt(mean (a - b)^2) / 2}, divided
 * by half of the mean of the 50 least ones, or of all where the bank has fewer. Far from all it is
 * about 2, at a copy 0. Receives the bank's images one by one, and keeps the nearest only. Not
 * thread-safe.
 */
final class BankMatch {

  private static final int NEAREST = 50;

  private final float[] nearest;

  /** Squared distances, ascending; the first {@code count} are filled. */
  private final double[] least = new double[NEAREST];

  private int count;

  /**
   * @param size values of an image
   */
  BankMatch(int size) {
    this.nearest = new float[size];
  }

  /** Forgets everything. */
  void clear() {
    count = 0;
  }

  /** Compares an image with another one of the bank, which is copied if it is the nearest yet. */
  void offer(float[] x, int offset, float[] other) {
    double squares = 0;
    for (int i = 0; i < other.length; i++) {
      double difference = (double) x[offset + i] - other[i];
      squares += difference * difference;
    }
    if (count == 0 || squares < least[0]) {
      System.arraycopy(other, 0, nearest, 0, nearest.length);
    }
    insert(squares);
  }

  private void insert(double squares) {
    if (count == NEAREST && !(squares < least[NEAREST - 1])) {
      return;
    }
    int place = Math.min(count, NEAREST - 1);
    while (place > 0 && squares < least[place - 1]) {
      least[place] = least[place - 1];
      place--;
    }
    least[place] = squares;
    count = Math.min(NEAREST, count + 1);
  }

  /** nL2, in [0, 2]. */
  double similarity() {
    double denominator = denominator();
    return denominator == 0 ? 0 : l2(least[0]) / denominator;
  }

  /** Half of the mean of the 50 least l2. */
  double denominator() {
    return 0.5 * Arrays.stream(least, 0, count).map(this::l2).average().orElseThrow();
  }

  /**
   * Writes a multiple of the gradient of nL2 by x, the denominator held constant: {@code (x - n) /
   * (2 sqrt(d) |x - n| denominator)}. It is 0 at n itself.
   */
  void gradient(float[] x, int offset, double factor, float[] target) {
    double distance = Math.sqrt(least[0]);
    double scale =
        distance == 0 ? 0 : factor / (2 * Math.sqrt(nearest.length) * distance * denominator());
    for (int i = 0; i < nearest.length; i++) {
      target[offset + i] = (float) (scale * ((double) x[offset + i] - nearest[i]));
    }
  }

  private double l2(double squares) {
    return Math.sqrt(squares / nearest.length) / 2;
  }
}
