package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.figures.Histogram;
import io.github.cpsample.evaluation.figures.SimilarityFigures;
import io.github.cpsample.tools.report.chart.Chart;
import io.github.cpsample.tools.report.chart.ChartAxis;
import io.github.cpsample.tools.report.chart.ChartPoint;
import io.github.cpsample.tools.report.chart.ChartSeries;
import j2html.tags.DomContent;
import j2html.tags.specialized.FigureTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How near the images of every method come to training images. */
final class HistogramSection {

  private final ReportView view;

  HistogramSection(ReportView view) {
    this.view = view;
  }

  Section section() {
    List<SimilarityFigures> measures =
        view.report().replication().stream().filter(HistogramSection::hasHistogram).toList();
    List<DomContent> content = new ArrayList<>();
    if (measures.isEmpty()) {
      content.add(Parts.absent("Distances to training images were not recorded in this audit."));
    } else {
      content.add(
          Parts.explained(
              "How near the images of each kind come to their nearest training image. Held-out"
                  + " images were never seen in training, so their curve shows how near one comes"
                  + " by chance. Images on the near side of the threshold count as copies."));
      content.add(
          Parts.sideBySide(
              IntStream.range(0, measures.size())
                  .mapToObj(i -> histogram(i, measures.get(i)))
                  .toList()));
    }
    return new Section("histograms", "How near do images come to training images?", content);
  }

  private static boolean hasHistogram(SimilarityFigures measure) {
    Histogram histogram = measure.histogram();
    return histogram != null && histogram.edges().size() > 1 && !histogram.sets().isEmpty();
  }

  private FigureTag histogram(int index, SimilarityFigures measure) {
    List<ChartSeries> series =
        measure.histogram().sets().stream()
            .map(
                set ->
                    ChartSeries.line(
                        view.title(set.name()),
                        view.look(set.name()),
                        outline(measure.histogram().edges(), set.shares())))
            .toList();
    Chart chart =
        new Chart(
            "histogram-" + index,
            ReportView.name(measure),
            finding(measure),
            ChartAxis.plain(
                measure.measure()
                    + (measure.lowIsNear() ? " (left is nearer)" : " (right is nearer)"),
                ChartAxis.Range.TIGHT),
            ChartAxis.share("share of images", ChartAxis.Range.FROM_ZERO),
            series,
            limit(measure));
    return Parts.figureOf(chart, numbers(measure));
  }

  private static Optional<Chart.Limit> limit(SimilarityFigures measure) {
    List<Double> edges = measure.histogram().edges();
    boolean inside =
        measure.threshold() >= edges.get(0) && measure.threshold() <= edges.get(edges.size() - 1);
    return inside
        ? Optional.of(new Chart.Limit("threshold", measure.threshold()))
        : Optional.empty();
  }

  /** The outline of the bars, from the ground to the ground. */
  private static List<ChartPoint> outline(List<Double> edges, List<Double> shares) {
    return Stream.of(
            Stream.of(ChartPoint.of(edges.get(0), 0)),
            IntStream.range(0, shares.size())
                .boxed()
                .flatMap(
                    bin ->
                        Stream.of(
                            ChartPoint.of(edges.get(bin), shares.get(bin)),
                            ChartPoint.of(edges.get(bin + 1), shares.get(bin)))),
            Stream.of(ChartPoint.of(edges.get(shares.size()), 0)))
        .flatMap(points -> points)
        .toList();
  }

  private String finding(SimilarityFigures measure) {
    StringBuilder text = new StringBuilder("Counted as copies: ");
    for (SimilarityFigures.MethodRate rate : measure.methods()) {
      text.append(view.title(rate.method()))
          .append(' ')
          .append(Numbers.percent(rate.replicas()))
          .append(", ");
    }
    return text.append("held-out images (by mistake) ")
        .append(Numbers.percent(measure.falseAlarms()))
        .append(". Threshold ")
        .append(Numbers.decimal(measure.threshold()))
        .append('.')
        .toString();
  }

  private Table numbers(SimilarityFigures measure) {
    Histogram histogram = measure.histogram();
    List<String> columns =
        Stream.concat(
                Stream.of(measure.measure()),
                histogram.sets().stream().map(set -> view.title(set.name())))
            .toList();
    Table table = new Table("Shares of images by " + ReportView.name(measure), columns);
    for (int bin = 0; bin + 1 < histogram.edges().size(); bin++) {
      int of = bin;
      table.row(
          Numbers.decimal(histogram.edges().get(bin))
              + " to "
              + Numbers.decimal(histogram.edges().get(bin + 1)),
          histogram.sets().stream()
              .map(set -> Table.cell(Numbers.percent(set.shares().get(of))))
              .toList());
    }
    return table;
  }
}
