package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.figures.AttackFigures;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.statistics.RocPoint;
import io.github.cpsample.tools.report.chart.Chart;
import io.github.cpsample.tools.report.chart.ChartAxis;
import io.github.cpsample.tools.report.chart.ChartPoint;
import io.github.cpsample.tools.report.chart.ChartSeries;
import io.github.cpsample.tools.report.chart.Look;
import j2html.tags.DomContent;
import j2html.tags.specialized.FigureTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How well attackers tell training images from others. */
final class RocSection {

  private static final String WITHOUT = "without protection";
  private static final String WITH = "with protection";
  private static final List<Double> FALSE_POSITIVES =
      List.of(0.0, 0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1.0);

  private final List<MembershipFigures> attacks;

  RocSection(ReportView view) {
    this.attacks = view.report().membership();
  }

  Section section() {
    List<DomContent> content = new ArrayList<>();
    if (attacks.isEmpty()) {
      content.add(Parts.absent("No attacks were run in this audit."));
    } else {
      content.add(
          Parts.explained(
              "An attacker who wants to know whether an image was trained on gives every image a"
                  + " score and picks a threshold. Each curve shows, for all thresholds, how many"
                  + " training images are found (upwards) at the price of how many other images are"
                  + " wrongly taken for training images (to the right). On the diagonal the attacker"
                  + " guesses; a curve in the upper left corner tells the two apart. A curve far"
                  + " below the diagonal tells them apart as well: one turns the scores round."));
      content.add(
          Parts.sideBySide(
              IntStream.range(0, attacks.size())
                  .mapToObj(i -> chart("roc-" + i, attacks.get(i)))
                  .toList()));
    }
    return new Section("roc-curves", "Can training images be recognised?", content);
  }

  private static FigureTag chart(String id, MembershipFigures attack) {
    List<ChartSeries> series =
        Stream.of(
                curve(WITHOUT, Look.VERMILION, attack.withoutProtection()),
                curve(WITH, Look.BLUE, attack.withProtection()),
                ChartSeries.line(
                    "guessing", Look.GREY, List.of(ChartPoint.of(0, 0), ChartPoint.of(1, 1))))
            .filter(Objects::nonNull)
            .toList();
    Chart chart =
        new Chart(
            id,
            attack.attack(),
            finding(attack),
            ChartAxis.share("others taken for training images", ChartAxis.Range.UNIT),
            ChartAxis.share("training images found", ChartAxis.Range.UNIT),
            series,
            Optional.empty());
    return Parts.figureOf(chart, numbers(attack));
  }

  private static @Nullable ChartSeries curve(
      String name, Look look, @Nullable AttackFigures figures) {
    return figures == null
        ? null
        : ChartSeries.line(
            name,
            look,
            figures.curve().stream()
                .map(point -> ChartPoint.of(point.falsePositiveRate(), point.truePositiveRate()))
                .toList());
  }

  private static String finding(MembershipFigures attack) {
    StringBuilder text =
        new StringBuilder("The attacker ")
            .append(attack.attacker())
            .append(". Area under the curve: ");
    if (attack.withoutProtection() != null) {
      text.append(Numbers.decimal(attack.withoutProtection().auc())).append(' ').append(WITHOUT);
    }
    if (attack.withProtection() != null) {
      text.append(attack.withoutProtection() == null ? "" : ", ")
          .append(Numbers.decimal(attack.withProtection().auc()))
          .append(' ')
          .append(WITH)
          .append(" (turned round ")
          .append(Numbers.decimal(attack.withProtection().auc().lessThanOne().value()))
          .append(')');
    }
    text.append("; 0.5 is guessing.");
    AttackFigures with = attack.withProtection();
    if (with != null && with.direction() != null) {
      text.append(" To an attacker who knows the direction, protected: ")
          .append(Numbers.decimal(with.direction().auc()))
          .append('.');
    }
    return text.toString();
  }

  private static Table numbers(MembershipFigures attack) {
    Table table =
        new Table(
            "Training images found by: " + attack.attack(),
            List.of("Others taken for training images, at most", WITHOUT, WITH));
    for (double share : FALSE_POSITIVES) {
      table.row(
          Numbers.percent(share),
          List.of(
              Table.cell(found(attack.withoutProtection(), share)),
              Table.cell(found(attack.withProtection(), share))));
    }
    return table;
  }

  private static String found(@Nullable AttackFigures figures, double share) {
    return figures == null
        ? Numbers.NONE
        : Numbers.percent(
            figures.curve().stream()
                .filter(point -> point.falsePositiveRate() <= share)
                .mapToDouble(RocPoint::truePositiveRate)
                .max()
                .orElse(0));
  }
}
