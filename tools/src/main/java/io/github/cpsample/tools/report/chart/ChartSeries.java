package io.github.cpsample.tools.report.chart;

import java.util.List;

/**
 * Points that belong together.
 *
 * @param name in the legend
 * @param look colour, dashes and marks
 * @param joined whether a line joins the points
 * @param marked whether the points have marks
 * @param points in the order in which they are joined
 */
public record ChartSeries(
    String name, Look look, boolean joined, boolean marked, List<ChartPoint> points) {

  /**
   * A line without marks.
   *
   * @param name in the legend
   * @param look of the line
   * @param points it joins
   * @return the series
   */
  public static ChartSeries line(String name, Look look, List<ChartPoint> points) {
    return new ChartSeries(name, look, true, false, points);
  }

  /**
   * A line with a mark at every point.
   *
   * @param name in the legend
   * @param look of line and marks
   * @param points it joins
   * @return the series
   */
  public static ChartSeries markedLine(String name, Look look, List<ChartPoint> points) {
    return new ChartSeries(name, look, true, true, points);
  }

  /**
   * Marks that are not joined.
   *
   * @param name in the legend
   * @param look of the marks
   * @param points where they are
   * @return the series
   */
  public static ChartSeries marks(String name, Look look, List<ChartPoint> points) {
    return new ChartSeries(name, look, false, true, points);
  }
}
