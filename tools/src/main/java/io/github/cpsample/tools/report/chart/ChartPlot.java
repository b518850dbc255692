package io.github.cpsample.tools.report.chart;

import io.github.cpsample.tools.report.chart.ChartAxis.Range;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
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

  /** How a {@link Look} is drawn. */
  static final class LookStyle {

    private static final float THICK = 2f;
    private static final float FINE = 1.2f;
    private static final float MITER = 10f;

    private LookStyle() {}

    static Color color(Look look) {
      return switch (look) {
        case VERMILION -> new Color(0xD55E00);
        case BLUE -> new Color(0x0072B2);
        case GREEN -> new Color(0x007A5A);
        case PURPLE -> new Color(0xA5527F);
        case ORANGE -> new Color(0xA86F00);
        case BLACK -> new Color(0x000000);
        case GREY -> new Color(0x6B6B6B);
      };
    }

    static BasicStroke stroke(Look look) {
      return switch (look) {
        case VERMILION -> new BasicStroke(THICK);
        case BLUE -> dashed(THICK, 7, 3);
        case GREEN -> dashed(THICK, 2, 2);
        case PURPLE -> dashed(THICK, 8, 3, 2, 3);
        case ORANGE -> dashed(THICK, 12, 4);
        case BLACK -> dashed(THICK, 4, 2);
        case GREY -> dashed(FINE, 1, 3);
      };
    }

    static Shape mark(Look look) {
      return switch (look) {
        case VERMILION, GREY -> new Ellipse2D.Double(-4, -4, 8, 8);
        case BLUE -> polygon(-4, -4, 4, -4, 4, 4, -4, 4);
        case GREEN -> polygon(0, -5, 5, 4, -5, 4);
        case PURPLE -> polygon(0, -5.5, 5.5, 0, 0, 5.5, -5.5, 0);
        case ORANGE -> polygon(0, 5, 5, -4, -5, -4);
        case BLACK ->
            polygon(
                -1, -5, 1, -5, 1, -1, 5, -1, 5, 1, 1, 1, 1, 5, -1, 5, -1, 1, -5, 1, -5, -1, -1, -1);
      };
    }

    private static BasicStroke dashed(float width, float... dashes) {
      return new BasicStroke(
          width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, MITER, dashes, 0f);
    }

    private static Shape polygon(double... corners) {
      Path2D path = new Path2D.Double();
      path.moveTo(corners[0], corners[1]);
      for (int i = 2; i < corners.length; i += 2) {
        path.lineTo(corners[i], corners[i + 1]);
      }
      path.closePath();
      return path;
    }
  }
}
