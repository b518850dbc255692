package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.audit.ReportPictures;
import io.github.cpsample.evaluation.figures.MethodFigures;
import io.github.cpsample.evaluation.figures.QualityFigures;
import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.evaluation.figures.Report;
import io.github.cpsample.evaluation.figures.SimilarityFigures;
import io.github.cpsample.tools.report.chart.Look;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The figures as the sections look at them.
 *
 * @param report the figures
 * @param pictures where pictures come from
 * @param trainingImages whether training images, and what may be a copy of one, are shown
 */
record ReportView(Report report, ReportPictures pictures, boolean trainingImages) {

  static final String UNPROTECTED = MethodFigures.UNPROTECTED;
  static final String PROTECTED = MethodFigures.PROTECTED;
  static final String HELD_OUT = "held-out images";

  private static final Map<String, Look> LOOKS =
      Map.of(UNPROTECTED, Look.VERMILION, PROTECTED, Look.BLUE, "held-out", Look.BLACK);
  private static final List<Look> OTHER_LOOKS = List.of(Look.GREEN, Look.PURPLE, Look.ORANGE);

  /** The name for people. */
  String title(String method) {
    return report.methods().stream()
        .filter(figures -> figures.name().equals(method))
        .map(MethodFigures::title)
        .findFirst()
        .orElse(method);
  }

  /** The same look in all charts. */
  Look look(String method) {
    List<String> others =
        report.methods().stream()
            .map(MethodFigures::name)
            .filter(name -> !LOOKS.containsKey(name))
            .toList();
    int index = Math.max(0, others.indexOf(method));
    return LOOKS.getOrDefault(method, OTHER_LOOKS.get(index % OTHER_LOOKS.size()));
  }

  /** The measure that counts copies in the summary. */
  Optional<SimilarityFigures> mainMeasure() {
    return report.replication().stream().findFirst();
  }

  Optional<Rate> copies(String method) {
    return mainMeasure().flatMap(measure -> copies(measure, method));
  }

  /** The name of a measure for people. */
  static String name(SimilarityFigures measure) {
    return measure.measure() + " in " + measure.space();
  }

  static Optional<Rate> copies(SimilarityFigures measure, String method) {
    return measure.methods().stream()
        .filter(rate -> rate.method().equals(method))
        .map(SimilarityFigures.MethodRate::replicas)
        .findFirst();
  }

  /** Compared with held-out images, by the first embedder. */
  Optional<QualityFigures> quality(String method) {
    return report.quality().stream()
        .filter(figures -> figures.reference().equals(HELD_OUT))
        .filter(figures -> figures.embedder().equals(report.quality().get(0).embedder()))
        .filter(figures -> figures.method().equals(method))
        .findFirst();
  }

  Optional<MethodFigures> method(String name) {
    return report.methods().stream().filter(figures -> figures.name().equals(name)).findFirst();
  }
}
