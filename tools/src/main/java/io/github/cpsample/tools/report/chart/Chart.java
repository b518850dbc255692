package io.github.cpsample.tools.report.chart;

import java.util.List;
import java.util.Optional;

/**
 * A chart.
 *
 * @param id of the chart, unlike all other ids in the page; begins its parts' ids
 * @param title what it shows
 * @param finding what there is to be seen, for those who cannot see it
 * @param x the axis across
 * @param y the axis upwards
 * @param series what is drawn
 * @param limit a line upwards from a place on the axis across
 */
public record Chart(
    String id,
    String title,
    String finding,
    ChartAxis x,
    ChartAxis y,
    List<ChartSeries> series,
    Optional<Limit> limit) {

  /**
   * A place on the axis across that means something.
   *
   * @param label what it means
   * @param value where it is
   */
  public record Limit(String label, double value) {}

  /**
   * The chart as an element of an HTML page.
   *
   * @return an {@code svg} element with title and description, as wide as its place
   */
  public String svg() {
    return new SvgDrawing(this).element(new ChartPlot(this).draw());
  }
}
