package io.github.cpsample.tools.commands.auditing;

import io.github.cpsample.evaluation.audit.AuditImages;
import io.github.cpsample.evaluation.figures.AttackFigures;
import io.github.cpsample.evaluation.figures.Deployment;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.figures.MethodFigures;
import io.github.cpsample.evaluation.figures.QualityFigures;
import io.github.cpsample.evaluation.figures.Report;
import io.github.cpsample.evaluation.figures.SimilarityFigures;
import io.github.cpsample.evaluation.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The figures of an audit in short, for a terminal. */
final class AuditText {

  private static final int WIDTH = 42;

  private final Report report;
  private final List<String> lines = new ArrayList<>();

  private AuditText(Report report) {
    this.report = report;
  }

  static List<String> of(Report report) {
    AuditText text = new AuditText(report);
    text.addMethods();
    text.addAttacks();
    return text.lines;
  }

  private void addMethods() {
    addRow("", method -> method.title());
    addRow("images", method -> method.images() + " of " + method.seeds() + " seeds");
    for (SimilarityFigures similarity : report.replication()) {
      String name = "replicas, " + similarity.space() + ", " + similarity.measure();
      addRow(
          similarity.chosenFor() == 0 ? "replicas by the fixed rule" : name,
          method ->
              similarity.methods().stream()
                  .filter(it -> it.method().equals(method.name()))
                  .map(it -> it.replicas().text())
                  .findFirst()
                  .orElse("-"));
      lines.add("  of held-out images (false alarms): " + similarity.falseAlarms().text());
    }
    report.quality().stream().map(QualityFigures::embedder).distinct().forEach(this::addQuality);
    addRow("seconds per image", method -> number(method.secondsPerImage()));
    addRow("denoiser passes per image", method -> number(method.denoiserRowsPerImage()));
  }

  private void addQuality(String embedder) {
    addQuality("Frechet distance, " + embedder, embedder, QualityFigures::frechetDistance);
    addQuality("kernel distance, " + embedder, embedder, QualityFigures::kernelDistance);
    addQuality("precision, " + embedder, embedder, QualityFigures::precision);
    addQuality("recall, " + embedder, embedder, QualityFigures::recall);
  }

  private void addQuality(
      String name, String embedder, Function<QualityFigures, Interval> measure) {
    addRow(
        name,
        method ->
            report.quality().stream()
                .filter(it -> it.embedder().equals(embedder))
                .filter(it -> it.reference().equals(AuditImages.HELD_OUT))
                .filter(it -> it.method().equals(method.name()))
                .map(measure)
                .map(AuditText::interval)
                .findFirst()
                .orElse("-"));
  }

  private void addAttacks() {
    lines.add("");
    int width =
        report.membership().stream().mapToInt(it -> it.attack().length()).max().orElse(WIDTH);
    lines.add(row(width, "area under the curve of attacks", List.of("no protection", "CPSample")));
    for (MembershipFigures found : report.membership()) {
      lines.add(
          row(
              width,
              found.attack(),
              List.of(auc(found.withoutProtection()), auc(found.withProtection()))));
    }
    lines.add("");
    for (Deployment deployment : report.deployments()) {
      lines.add(deployment.name() + ": " + deployment.verdict());
    }
  }

  private void addRow(String name, Function<MethodFigures, String> value) {
    lines.add(row(WIDTH, name, report.methods().stream().map(value).toList()));
  }

  private static String auc(@Nullable AttackFigures figures) {
    return figures == null ? "-" : interval(figures.auc());
  }

  private static String interval(Interval interval) {
    return String.format(
        Locale.ROOT,
        "%s [%s, %s]",
        number(interval.value()),
        number(interval.low()),
        number(interval.high()));
  }

  /** Null is what was not measured. */
  private static String number(@Nullable Double value) {
    return value == null
        ? "-"
        : String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.3f" : "%.0f", value);
  }

  private static String row(int width, String name, List<String> values) {
    StringBuilder row = new StringBuilder(name);
    row.append(" ".repeat(Math.max(0, width - name.length())));
    values.forEach(value -> row.append(String.format(Locale.ROOT, "  %-24s", value)));
    return row.toString().stripTrailing();
  }
}
