package io.github.cpsample.tools.report;

import static j2html.TagCreator.attrs;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.tr;

import io.github.cpsample.evaluation.figures.MethodFigures;
import io.github.cpsample.evaluation.figures.QualityFigures;
import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.evaluation.figures.WorstPair;
import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.tools.report.chart.Chart;
import io.github.cpsample.tools.report.chart.ChartAxis;
import io.github.cpsample.tools.report.chart.ChartPoint;
import io.github.cpsample.tools.report.chart.ChartSeries;
import j2html.tags.DomContent;
import j2html.tags.specialized.DivTag;
import j2html.tags.specialized.TrTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The ways of sampling side by side: copies, quality, cost. */
final class MethodsSection {

  private final ReportView view;

  MethodsSection(ReportView view) {
    this.view = view;
  }

  Section section() {
    List<DomContent> content = new ArrayList<>();
    if (view.report().methods().isEmpty()) {
      content.add(Parts.absent("No ways of sampling were compared in this audit."));
    } else {
      content.add(
          Parts.explained(
              "The same model and the same seeds, sampled in several ways. Copies are counted by"
                  + " the first measure of the tables below. A low Frechet distance means that"
                  + " images look like real ones. Cost counts passes through the networks for one"
                  + " delivered image; a method may throw images away and begin anew."));
      chart().ifPresent(chart -> content.add(Parts.sideBySide(List.of(Parts.figureOf(chart)))));
      content.add(table().html());
      elsewhere().ifPresent(content::add);
      addPictures(content);
      content.add(h3("What the methods are"));
      content.add(settings().html());
    }
    return new Section("methods", "Ways of sampling compared", content);
  }

  /** Where seconds were taken that are no measure beside the others. */
  private Optional<DomContent> elsewhere() {
    String places =
        view.report().methods().stream()
            .filter(method -> method.sampledOn() != null)
            .map(method -> method.title() + " (" + method.sampledOn() + ")")
            .collect(Collectors.joining(", "));
    return places.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Parts.explained(
                "Some images were made elsewhere than the rest of this report: "
                    + places
                    + ". Their seconds per image were taken there, and say nothing beside those of"
                    + " other methods. What protection costs in time was measured here."));
  }

  private void addPictures(List<DomContent> content) {
    MethodPictures pictures = new MethodPictures(view);
    if (!view.trainingImages()) {
      content.add(Parts.absent(Parts.LEFT_OUT));
    } else if (pictures.any()) {
      content.add(pictures.html());
    }
  }

  private Table table() {
    Table table =
        new Table(
            "Copies, quality and cost, with 95\u00a0% intervals",
            List.of(
                "Method",
                "images of seeds",
                "copies",
                "Frechet distance",
                "precision",
                "recall",
                "denoiser passes per image",
                "classifier passes per image",
                "gradients per image",
                "seconds per image"));
    for (MethodFigures method : view.report().methods()) {
      table.row(method.title(), cells(method));
    }
    return table;
  }

  private List<DomContent> cells(MethodFigures method) {
    Optional<QualityFigures> quality = view.quality(method.name());
    return List.of(
        Table.cell(Numbers.whole(method.images()) + " of " + Numbers.whole(method.seeds())),
        Table.cell(view.copies(method.name()).orElse(null)),
        Table.cell(quality.map(QualityFigures::frechetDistance).orElse(null)),
        Table.percent(quality.map(QualityFigures::precision).orElse(null)),
        Table.percent(quality.map(QualityFigures::recall).orElse(null)),
        Table.cell(method.denoiserRowsPerImage()),
        Table.cell(method.classifierRowsPerImage()),
        Table.cell(method.gradientRowsPerImage()),
        Table.cell(method.secondsPerImage()));
  }

  private Table settings() {
    Table table = new Table("Settings of the methods", List.of("Method", "name", "settings"));
    for (MethodFigures method : view.report().methods()) {
      table.row(method.title(), List.of(Table.cell(method.name()), Table.words(method.settings())));
    }
    return table;
  }

  private Optional<Chart> chart() {
    List<ChartSeries> series = new ArrayList<>();
    StringBuilder finding = new StringBuilder("Copies, then Frechet distance:");
    for (MethodFigures method : view.report().methods()) {
      Optional<Rate> copies = view.copies(method.name());
      Optional<Interval> distance =
          view.quality(method.name()).map(QualityFigures::frechetDistance);
      if (copies.isPresent() && distance.isPresent()) {
        series.add(
            ChartSeries.marks(
                method.title(),
                view.look(method.name()),
                List.of(point(copies.get(), distance.get()))));
        finding
            .append(series.size() == 1 ? " " : "; ")
            .append(method.title())
            .append(' ')
            .append(Numbers.percent(copies.get()))
            .append(", ")
            .append(Numbers.decimal(distance.get()));
      }
    }
    return series.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Chart(
                "methods-chart",
                "Copies and quality (lower left is better)",
                finding.append('.').toString(),
                ChartAxis.share("copies", ChartAxis.Range.ABOUT_ZERO),
                ChartAxis.plain("Frechet distance (low is good)", ChartAxis.Range.FROM_ZERO),
                series,
                Optional.empty()));
  }

  private static ChartPoint point(Rate copies, Interval distance) {
    return new ChartPoint(
        copies.value(),
        copies.low(),
        copies.high(),
        distance.value(),
        distance.low(),
        distance.high());
  }

  /**
   * What every method makes of the seeds that came nearest to training images without protection.
   */
  private static final class MethodPictures {

    private static final int SEEDS = 8;

    private final ReportView view;
    private final List<Long> seeds;

    MethodPictures(ReportView view) {
      this.view = view;
      this.seeds = view.report().worst().stream().limit(SEEDS).map(WorstPair::seed).toList();
    }

    boolean any() {
      return !seeds.isEmpty();
    }

    DivTag html() {
      return PictureStrip.html(
          "The same seeds, sampled in every way",
          tr(
              th("seed").attr("scope", "col"),
              each(seeds, seed -> th(String.valueOf(seed)).attr("scope", "col"))),
          view.report().methods().stream().map(this::row).toList());
    }

    private TrTag row(MethodFigures method) {
      return tr(
          th(method.title()).attr("scope", "row"),
          each(
              seeds,
              seed ->
                  td(
                      attrs(".picture"),
                      Images.shown(
                          view.pictures().sample(method.name(), seed),
                          "Image made from seed " + seed + ", " + method.title(),
                          "no image"))));
    }
  }
}
