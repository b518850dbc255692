package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.figures.TradeOff;
import io.github.cpsample.evaluation.figures.TradeOff.Point;
import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.tools.report.chart.Chart;
import io.github.cpsample.tools.report.chart.ChartAxis;
import io.github.cpsample.tools.report.chart.ChartPoint;
import io.github.cpsample.tools.report.chart.ChartSeries;
import io.github.cpsample.tools.report.chart.Look;
import j2html.tags.DomContent;
import j2html.tags.specialized.FigureTag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What other settings would have brought and cost. */
final class TradeOffSection {

  private static final String CHOSEN = "chosen";
  private static final List<Look> OTHERS =
      List.of(Look.BLUE, Look.GREEN, Look.PURPLE, Look.ORANGE, Look.BLACK, Look.GREY);

  private final String source;
  private final List<Point> points;

  TradeOffSection(ReportView view) {
    TradeOff tradeOff = view.report().tradeOff();
    this.source = tradeOff == null ? "" : tradeOff.source();
    this.points = tradeOff == null ? List.of() : tradeOff.points();
  }

  Section section() {
    List<DomContent> content = new ArrayList<>();
    if (points.isEmpty()) {
      content.add(
          Parts.absent(
              "Other settings were not measured for this model. The command calibrate measures"
                  + " them, and the trade-off is shown here afterwards."));
    } else {
      content.add(
          Parts.explained(
              "Stronger settings prevent more copies, and cost quality and time. Each mark is one"
                  + " setting, measured on seeds of its own; good settings lie at the lower left."
                  + " Source of the points: "
                  + source
                  + "."));
      content.add(Parts.sideBySide(charts()));
      content.add(table().html());
    }
    return new Section("trade-off", "What would other settings do?", content);
  }

  private List<FigureTag> charts() {
    List<FigureTag> charts = new ArrayList<>();
    if (points.stream().anyMatch(point -> point.frechetDistance() != null)) {
      charts.add(
          chart(
              "trade-off-quality",
              "Copies against loss of quality",
              "Frechet distance",
              Point::frechetDistance));
    }
    charts.add(
        chart(
            "trade-off-distance",
            "Copies against distance from real images",
            "distance to held-out images",
            point -> exactly(point.heldOutDistance())));
    charts.add(
        chart(
            "trade-off-time",
            "Copies against time",
            "time compared with unprotected",
            point -> exactly(point.overhead())));
    return charts;
  }

  private static @Nullable Interval exactly(double value) {
    return Double.isFinite(value) ? new Interval(value, value, value) : null;
  }

  private FigureTag chart(String id, String title, String label, Function<Point, Interval> height) {
    Map<String, List<ChartPoint>> kinds = new LinkedHashMap<>();
    kinds.put(CHOSEN, new ArrayList<>());
    for (Point point : points) {
      Interval at = height.apply(point);
      if (at != null) {
        kinds.computeIfAbsent(kind(point), kind -> new ArrayList<>()).add(mark(point, at));
      }
    }
    kinds.values().removeIf(List::isEmpty);
    List<ChartSeries> series = new ArrayList<>();
    kinds.forEach(
        (kind, marks) ->
            series.add(
                ChartSeries.marks(
                    kind,
                    kind.equals(CHOSEN)
                        ? Look.VERMILION
                        : OTHERS.get(series.size() % OTHERS.size()),
                    marks)));
    return Parts.figureOf(
        new Chart(
            id,
            title,
            finding(label, height),
            ChartAxis.share("copies", ChartAxis.Range.ABOUT_ZERO),
            ChartAxis.plain(label, ChartAxis.Range.DATA),
            series,
            Optional.empty()));
  }

  private static String kind(Point point) {
    return point.chosen() ? CHOSEN : "K = " + point.bits() + ", " + point.force();
  }

  private static ChartPoint mark(Point point, Interval at) {
    return new ChartPoint(
        point.replicas().value(),
        point.replicas().low(),
        point.replicas().high(),
        at.value(),
        at.low(),
        at.high());
  }

  private String finding(String label, Function<Point, Interval> height) {
    return points.stream()
        .filter(Point::chosen)
        .filter(point -> height.apply(point) != null)
        .map(
            point ->
                "The model's settings: copies "
                    + Numbers.percent(point.replicas())
                    + ", "
                    + label
                    + " "
                    + Numbers.decimal(height.apply(point).value())
                    + ".")
        .findFirst()
        .orElse("The model's settings are not among these points.");
  }

  private Table table() {
    Table table =
        new Table(
            "All settings that were tried, with 95\u00a0% intervals",
            List.of(
                "Setting",
                "K",
                "alpha",
                "scale",
                "timesteps",
                "force",
                "images",
                "copies",
                "Frechet distance",
                "distance to held-out images",
                "steps guarded",
                "time, unprotected = 1"));
    for (Point point : points) {
      table.row(point.setting() + (point.chosen() ? " (chosen)" : ""), cells(point));
    }
    return table;
  }

  private static List<DomContent> cells(Point point) {
    return List.of(
        Table.cell(point.bits()),
        point.alpha() == null ? Table.cell("by level") : Table.setting(point.alpha()),
        Table.setting(point.scale()),
        Table.cell(point.firstTimestep() + " to " + point.lastTimestep()),
        Table.cell(point.force()),
        Table.cell(point.images()),
        Table.cell(point.replicas()),
        Table.cell(point.frechetDistance()),
        Table.cell(point.heldOutDistance()),
        Table.cell(Numbers.percent(point.stepsGuarded())),
        Table.cell(point.overhead()));
  }
}
