package io.github.cpsample.diffusers;

/**
 * Lin's concordance correlation of pairs: {@code 2 cov / (var x + var y + (mean x - mean y)^2)}.
 * Mutable; belongs to one thread.
 */
final class Concordance {
  private long count;
  private double meanX;
  private double meanY;
  private double squaresX;
  private double squaresY;
  private double products;

  /** Adds a pair to the running means and central moments (Welford 1962). */
  void add(double x, double y) {
    count++;
    double dx = x - meanX;
    double dy = y - meanY;
    meanX += dx / count;
    meanY += dy / count;
    squaresX += dx * (x - meanX);
    squaresY += dy * (y - meanY);
    products += dx * (y - meanY);
  }

  /** In [-1, 1]; 0 where nothing varies, NaN where a value is. */
  double value() {
    double shift = meanX - meanY;
    double all = squaresX + squaresY + count * shift * shift;
    return all == 0 ? 0 : 2 * products / all;
  }
}
