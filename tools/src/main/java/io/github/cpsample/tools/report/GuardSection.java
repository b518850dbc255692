package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.figures.GuardFigures;
import io.github.cpsample.evaluation.figures.GuardFigures.NoiseLevel;
import io.github.cpsample.evaluation.figures.GuardFigures.Rule;
import io.github.cpsample.evaluation.figures.GuardFigures.Spread;
import io.github.cpsample.evaluation.figures.GuardFigures.Work;
import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.tools.report.chart.Chart;
import io.github.cpsample.tools.report.chart.ChartAxis;
import io.github.cpsample.tools.report.chart.ChartPoint;
import io.github.cpsample.tools.report.chart.ChartSeries;
import io.github.cpsample.tools.report.chart.Look;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the guard sees and does. */
final class GuardSection {

  private static final String TRAINING = "training images";
  private static final String OTHERS = "held-out images";
  private static final String TIMESTEP = "timestep (large: much noise)";

  private final GuardFigures guard;

  GuardSection(ReportView view) {
    this.guard = view.report().guard();
  }

  Section section() {
    List<DomContent> content = new ArrayList<>();
    if (guard == null) {
      content.add(Parts.absent("The guard was not examined in this audit."));
    } else {
      content.add(
          Parts.explained(
              "The guard is a classifier that watches every step. Where it is certain that a"
                  + " training image is emerging, it corrects the image: it moves it away, sends it"
                  + " back to more noise, or both; elsewhere it leaves the image alone."
                  + rule()));
      content.add(activity().html());
      content.add(
          Parts.explained(
              "The force is how far the guard moves an image, compared with the noise that the model"
                  + " predicts in the same step; ways back are no moves. The Lipschitz constant tells"
                  + " how fast the classifier's answer can change with the image; it is estimated"
                  + " along the way of every image, so the largest is the estimate, and the true one"
                  + " may be larger still."));
      content.add(spreads().html());
      addLevels(content);
    }
    return new Section("guard", "The guard", content);
  }

  /** How this model is guarded. */
  private String rule() {
    Rule rule = guard.rule();
    return rule == null
        ? ""
        : " This model's guard looks at "
            + (rule.asks().equals("x0")
                ? "the image that the denoiser sees in the unfinished one"
                : "the unfinished image")
            + " (asks about "
            + rule.asks()
            + "; "
            + rule.threshold()
            + "; correction: "
            + rule.correction()
            + ").";
  }

  private Table activity() {
    Table table =
        new Table("What the guard did, with 95\u00a0% intervals", List.of("Measurement", "value"))
            .row("steps guarded, of all steps", List.of(Table.percent(guard.stepsGuarded())))
            .row("images guarded at least once", List.of(Table.cell(guard.imagesGuarded())));
    Work work = guard.work();
    if (work != null) {
      table
          .row("denoiser calls per image", List.of(Table.cell(work.denoiserCalls())))
          .row("ways back per image", List.of(Table.cell(work.returns())))
          .row("finished images made anew, per image", List.of(Table.cell(work.redos())))
          .row("finished images still recognised", List.of(Table.cell(work.recognised())));
    }
    return table.row(
        "time of a protected image, unprotected = 1", List.of(Table.cell(guard.overhead())));
  }

  private Table spreads() {
    Table table =
        new Table(
            "Force and steepness",
            List.of("Measurement", "how many", "mean", "median", "95 % are below", "largest"));
    add(table, "move over predicted noise, per step with a move", guard.relativeForce());
    add(table, "Lipschitz constant of the classifier, at least, per image", guard.lipschitz());
    return table;
  }

  private static void add(Table table, String name, @Nullable Spread spread) {
    if (spread == null) {
      String none = Numbers.NONE;
      table.row(
          name,
          List.of(
              Table.cell(none),
              Table.cell(none),
              Table.cell(none),
              Table.cell(none),
              Table.cell(none)));
      return;
    }
    table.row(
        name,
        List.of(
            Table.cell(spread.count()),
            Table.cell(spread.mean()),
            Table.cell(spread.median()),
            Table.cell(spread.quantile95()),
            Table.cell(spread.largest())));
  }

  private void addLevels(List<DomContent> content) {
    if (guard.levels().isEmpty()) {
      content.add(Parts.absent("The classifier was not examined per noise level."));
      return;
    }
    content.add(
        Parts.explained(
            "The memorisation curve shows how certain the classifier is about training images and"
                + " about others, for little noise (left) and much noise (right). Where both curves"
                + " meet it cannot tell them apart. A false alarm is a held-out image that would"
                + " be guarded at that noise level. Levels at which the guard does not ask are shown"
                + " for comparison."
                + stated()));
    content.add(Parts.sideBySide(List.of(Parts.figureOf(certainty()), Parts.figureOf(alarms()))));
    content.add(levels().html());
  }

  /** The false alarms against what the model's manifest promises. */
  private String stated() {
    Double rate = guard.rule() == null ? null : guard.rule().statedFalseAlarms();
    if (rate == null) {
      return "";
    }
    List<NoiseLevel> asked = guard.levels().stream().filter(NoiseLevel::asked).toList();
    long above = asked.stream().filter(level -> level.falseAlarms().low() > rate).count();
    return " The model's thresholds were found for at most "
        + Numbers.percent(rate)
        + " of false alarms at any one level: "
        + (above == 0
            ? "no level at which the guard asks is above that for certain."
            : above
                + " of the "
                + asked.size()
                + " levels at which the guard asks are above that for certain.");
  }

  private Chart certainty() {
    return new Chart(
        "guard-certainty",
        "Memorisation curve",
        "Mean certainty about training images lies between "
            + spanOf(NoiseLevel::trainingCertainty)
            + ", about held-out images between "
            + spanOf(NoiseLevel::heldOutCertainty)
            + ".",
        ChartAxis.plain(TIMESTEP, ChartAxis.Range.DATA),
        ChartAxis.plain("mean certainty", ChartAxis.Range.UPPER_HALF),
        List.of(
            ChartSeries.markedLine(
                TRAINING, Look.VERMILION, intervals(NoiseLevel::trainingCertainty)),
            ChartSeries.markedLine(OTHERS, Look.BLACK, intervals(NoiseLevel::heldOutCertainty))),
        Optional.empty());
  }

  private String spanOf(Function<NoiseLevel, Interval> value) {
    DoubleSummaryStatistics span =
        guard.levels().stream()
            .mapToDouble(level -> value.apply(level).value())
            .summaryStatistics();
    return Numbers.decimal(span.getMin()) + " and " + Numbers.decimal(span.getMax());
  }

  private List<ChartPoint> intervals(Function<NoiseLevel, Interval> value) {
    return guard.levels().stream()
        .map(
            level -> {
              Interval at = value.apply(level);
              return ChartPoint.of(level.timestep(), at.value(), at.low(), at.high());
            })
        .toList();
  }

  private Chart alarms() {
    NoiseLevel worst =
        guard.levels().stream()
            .max((a, b) -> Double.compare(a.falseAlarms().value(), b.falseAlarms().value()))
            .orElseThrow();
    return new Chart(
        "guard-alarms",
        "Recognised images and false alarms",
        "Most false alarms: "
            + Numbers.percent(worst.falseAlarms())
            + " of held-out images, at timestep "
            + worst.timestep()
            + "; there "
            + Numbers.percent(worst.recognised())
            + " of training images are guarded.",
        ChartAxis.plain(TIMESTEP, ChartAxis.Range.DATA),
        ChartAxis.share("images guarded", ChartAxis.Range.UNIT),
        List.of(
            ChartSeries.markedLine(TRAINING, Look.VERMILION, rates(NoiseLevel::recognised)),
            ChartSeries.markedLine(OTHERS, Look.BLACK, rates(NoiseLevel::falseAlarms))),
        Optional.empty());
  }

  private List<ChartPoint> rates(Function<NoiseLevel, Rate> value) {
    return guard.levels().stream()
        .map(
            level -> {
              Rate rate = value.apply(level);
              return ChartPoint.of(level.timestep(), rate.value(), rate.low(), rate.high());
            })
        .toList();
  }

  private Table levels() {
    Table table =
        new Table(
            "The classifier per noise level, with 95\u00a0% intervals",
            List.of(
                "Timestep",
                "the guard asks here",
                "certainty, training images",
                "certainty, held-out images",
                "training images guarded",
                "false alarms",
                "AUC"));
    for (NoiseLevel level : guard.levels()) {
      table.row(
          String.valueOf(level.timestep()),
          List.of(
              Table.cell(level.asked() ? "yes" : "no"),
              Table.cell(level.trainingCertainty()),
              Table.cell(level.heldOutCertainty()),
              Table.cell(level.recognised()),
              Table.cell(level.falseAlarms()),
              Table.cell(level.auc())));
    }
    return table;
  }
}
