package io.github.cpsample.tools.report.chart;

import io.github.cpsample.tools.report.chart.ChartAxis.Range;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Line2D;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;

/** Makes a JFreeChart of a {@link Chart}. */
final class ChartPlot {

  static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
  private static final Color INK = new Color(0x333333);
  private static final Color GRID = new Color(0xDDDDDD);
  private static final BasicStroke THIN = new BasicStroke(0.6f);
  private static final double MARGIN = 0.06;

  private final Chart chart;

  ChartPlot(Chart chart) {
    this.chart = chart;
  }

  JFreeChart draw() {
    XYPlot plot = new XYPlot(data(), axis(chart.x()), axis(chart.y()), renderer());
    plot.setBackgroundPaint(Color.WHITE);
    plot.setOutlineVisible(false);
    plot.setDomainGridlinePaint(GRID);
    plot.setRangeGridlinePaint(GRID);
    plot.setDomainGridlineStroke(THIN);
    plot.setRangeGridlineStroke(THIN);
    plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
    chart.limit().ifPresent(limit -> plot.addDomainMarker(marker(plot, limit)));
    JFreeChart drawing = new JFreeChart(null, FONT, plot, true);
    drawing.setBackgroundPaint(Color.WHITE);
    drawing.setPadding(new RectangleInsets(6, 2, 2, 10));
    LegendTitle legend = drawing.getLegend();
    legend.setItemFont(FONT);
    legend.setItemPaint(INK);
    legend.setFrame(BlockBorder.NONE);
    return drawing;
  }

  private XYIntervalSeriesCollection data() {
    XYIntervalSeriesCollection data = new XYIntervalSeriesCollection();
    for (ChartSeries series : chart.series()) {
      XYIntervalSeries points = new XYIntervalSeries(series.name(), false, true);
      for (ChartPoint point : series.points()) {
        points.add(point.x(), point.lowX(), point.highX(), point.y(), point.lowY(), point.highY());
      }
      data.addSeries(points);
    }
    return data;
  }

  private XYErrorRenderer renderer() {
    XYErrorRenderer renderer = new XYErrorRenderer();
    renderer.setDrawSeriesLineAsPath(true);
    renderer.setDrawXError(points().stream().anyMatch(ChartPoint::hasIntervalAcross));
    renderer.setDrawYError(points().stream().anyMatch(ChartPoint::hasIntervalUpwards));
    renderer.setLegendLine(new Line2D.Double(-16, 0, 16, 0));
    renderer.setErrorStroke(new BasicStroke(1.2f));
    for (int i = 0; i < chart.series().size(); i++) {
      ChartSeries series = chart.series().get(i);
      renderer.setSeriesLinesVisible(i, series.joined());
      renderer.setSeriesShapesVisible(i, series.marked());
      renderer.setSeriesPaint(i, LookStyle.color(series.look()));
      renderer.setSeriesStroke(i, LookStyle.stroke(series.look()));
      renderer.setSeriesShape(i, LookStyle.mark(series.look()));
    }
    return renderer;
  }

  private List<ChartPoint> points() {
    return chart.series().stream().flatMap(series -> series.points().stream()).toList();
  }

  private static NumberAxis axis(ChartAxis description) {
    NumberAxis axis = new NumberAxis(description.label());
    axis.setLabelFont(FONT);
    axis.setTickLabelFont(FONT);
    axis.setLabelPaint(INK);
    axis.setTickLabelPaint(INK);
    axis.setAxisLinePaint(INK);
    axis.setStandardTickUnits(NumberAxis.createStandardTickUnits(Locale.ROOT));
    axis.setNumberFormatOverride(description.numbers().format());
    extend(axis, description.range());
    return axis;
  }

  private static void extend(NumberAxis axis, Range range) {
    switch (range) {
      case UNIT -> axis.setRange(0, 1 + MARGIN / 3);
      case UPPER_HALF -> axis.setRange(0.5, 1 + MARGIN / 6);
      case DATA, TIGHT, ABOUT_ZERO, FROM_ZERO -> {
        boolean fromZero = range == Range.FROM_ZERO;
        axis.setAutoRangeIncludesZero(fromZero || range == Range.ABOUT_ZERO);
        axis.setAutoRangeStickyZero(fromZero);
        axis.setLowerMargin(fromZero || range == Range.TIGHT ? 0 : MARGIN);
        axis.setUpperMargin(range == Range.TIGHT ? 0 : MARGIN);
      }
    }
  }

  private static ValueMarker marker(XYPlot plot, Chart.Limit limit) {
    ValueMarker marker = new ValueMarker(limit.value(), INK, new BasicStroke(1.2f));
    boolean left = limit.value() > plot.getDomainAxis().getRange().getCentralValue();
    marker.setLabel(limit.label());
    marker.setLabelFont(FONT);
    marker.setLabelPaint(INK);
    marker.setLabelBackgroundColor(new Color(255, 255, 255, 200));
    marker.setLabelAnchor(left ? RectangleAnchor.TOP_LEFT : RectangleAnchor.TOP_RIGHT);
    marker.setLabelTextAnchor(left ? TextAnchor.TOP_RIGHT : TextAnchor.TOP_LEFT);
    return marker;
  }
}
