package io.github.cpsample.tools.report.chart;

/**
 * A point with the intervals in which it may as well lie.
 *
 * @param x across
 * @param lowX the lower end of its interval
 * @param highX the upper end
 * @param y upwards
 * @param lowY the lower end of its interval
 * @param highY the upper end
 */
public record ChartPoint(double x, double lowX, double highX, double y, double lowY, double highY) {

  /**
   * A point without intervals.
   *
   * @param x across
   * @param y upwards
   * @return the point
   */
  public static ChartPoint of(double x, double y) {
    return of(x, y, y, y);
  }

  /**
   * A point with an interval upwards.
   *
   * @param x across
   * @param y upwards
   * @param low the lower end
   * @param high the upper end
   * @return the point
   */
  public static ChartPoint of(double x, double y, double low, double high) {
    return new ChartPoint(x, x, x, y, low, high);
  }

  boolean hasIntervalAcross() {
    return lowX < highX;
  }

  boolean hasIntervalUpwards() {
    return lowY < highY;
  }
}
