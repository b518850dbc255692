package io.github.cpsample.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.figures.GuardFigures;
import io.github.cpsample.evaluation.figures.Report;
import io.github.cpsample.evaluation.statistics.Interval;
import java.util.List;
import org.junit.jupiter.api.Test;

class CostSentencesTest {

  @Test
  void onlyIntervalsApartAreAChange() {
    List<String> sentences = sentences(SampleReport.filled());
    assertEquals(
        "Likeness to held-out images (Frechet distance, low is good): 1.47 [1.32, 1.65] without"
            + " protection, 3.86 [3.47, 4.32] with it; worse with protection.",
        sentences.get(0));
    assertTrue(sentences.get(1).endsWith("worse with protection."), sentences.get(1));
    assertTrue(
        sentences.get(2).endsWith("the intervals overlap, so no change is shown."),
        sentences.get(2));
  }

  @Test
  void aDifferenceInTimeNeedsAnIntervalApartFromOne() {
    assertTime(
        "A protected image takes 1.42 [1.31, 1.55] times as long as an unprotected one.",
        new Interval(1.42, 1.31, 1.55));
    assertTime(
        "A difference in time could not be shown: a protected image takes 1.02 [0.950, 1.10] times"
            + " as long as an unprotected one.",
        new Interval(1.02, 0.95, 1.1));
    assertTime(
        "A protected image takes 0.900 [0.850, 0.950] of the time of an unprotected one.",
        new Interval(0.9, 0.85, 0.95));
  }

  @Test
  void nothingMeasuredIsSaid() {
    assertEquals(
        List.of(
            "What protection costs in quality was not measured.",
            "What protection costs in time was not measured."),
        sentences(SampleReport.bare("m")));
  }

  private static void assertTime(String expected, Interval overhead) {
    Report report = SampleReport.filled();
    GuardFigures guard = report.guard();
    GuardFigures changed =
        new GuardFigures(
            guard.rule(),
            guard.stepsGuarded(),
            guard.imagesGuarded(),
            guard.work(),
            guard.relativeForce(),
            guard.lipschitz(),
            overhead,
            guard.levels());
    List<String> sentences = sentences(SampleReport.withGuard(report, changed));
    assertTrue(sentences.contains(expected), sentences::toString);
  }

  private static List<String> sentences(Report report) {
    return new CostSentences(new ReportView(report, new SamplePictures(), true)).sentences();
  }
}
