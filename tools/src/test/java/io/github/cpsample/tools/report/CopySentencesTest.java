package io.github.cpsample.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.evaluation.figures.Report;
import io.github.cpsample.evaluation.figures.SimilarityFigures;
import io.github.cpsample.evaluation.figures.SimilarityFigures.MethodRate;
import io.github.cpsample.evaluation.statistics.Interval;
import java.util.List;
import org.junit.jupiter.api.Test;

class CopySentencesTest {

  @Test
  void countsAreGivenWithTheirInterval() {
    List<String> sentences =
        sentences(Rate.of(98, 200), Rate.of(0, 200), new Interval(0.49, 0.42, 0.56));
    assertEquals(
        "98 of 200 images made without protection copied a training image: 49.0\u00a0% [42.2, 55.9].",
        sentences.get(0));
    assertTrue(
        sentences.contains(
            "Protection lowered the share of copies by 49.0 percentage points [42.0, 56.0]."));
  }

  /** Wilson's upper end for 0 of 200: z^2 / (200 + z^2) with z = 1.96 is 1.885 %. */
  @Test
  void noneIsAnUpperBound() {
    String none = CopySentences.counted(Rate.of(0, 200), "made with protection");
    assertEquals(
        "None of 200 images made with protection copied a training image. From so many images one"
            + " can conclude that at most 1.9\u00a0% do (95\u00a0% confidence), not that none ever does.",
        none);
  }

  @Test
  void aDifferenceThatMayBeChanceIsNotClaimed() {
    List<String> sentences =
        sentences(Rate.of(3, 200), Rate.of(2, 200), new Interval(0.005, -0.015, 0.025));
    assertTrue(
        sentences.contains(
            "The share of copies with protection cannot be told from that without: the difference is"
                + " 0.5 percentage points [-1.5, 2.5], fewer copies with it, and may be chance."),
        sentences::toString);
    assertFalse(String.join(" ", sentences).contains("lowered"));
  }

  /** A minus would be read as a decrease. */
  @Test
  void moreCopiesThatMayBeChanceAreMore() {
    List<String> sentences =
        sentences(Rate.of(2, 200), Rate.of(3, 200), new Interval(-0.005, -0.025, 0.015));
    assertTrue(
        sentences.contains(
            "The share of copies with protection cannot be told from that without: the difference is"
                + " 0.5 percentage points [-1.5, 2.5], more copies with it, and may be chance."),
        sentences::toString);
  }

  /** 1 - 0.05^(1/2) = 0.776, where the upper end of Wilson's interval is 0.658. */
  @Test
  void ofTwoImagesHardlyAnythingCanBeConcluded() {
    String none = CopySentences.counted(Rate.of(0, 2), "made with protection");
    assertTrue(none.contains("at most 77.6\u00a0% do"), none);
  }

  @Test
  void moreCopiesWithProtectionAreSaid() {
    List<String> sentences =
        sentences(Rate.of(2, 200), Rate.of(40, 200), new Interval(-0.19, -0.25, -0.13));
    assertTrue(
        sentences.contains(
            "With protection the share of copies was higher, by 19.0 percentage points [13.0,"
                + " 25.0]."),
        sentences::toString);
  }

  @Test
  void copiesAreComparedWithTheRulesOwnErrors() {
    String few =
        String.join(
            " ", sentences(Rate.of(98, 200), Rate.of(2, 200), new Interval(0.48, 0.4, 0.5)));
    assertTrue(few.contains("cannot be told from the rule's false alarms"), few);
    String fewer =
        String.join(
            " ", sentences(Rate.of(98, 200), Rate.of(1, 20_000), new Interval(0.48, 0.4, 0.5)));
    assertTrue(fewer.contains("less with protection than the rule's false alarms"), fewer);
    String many =
        String.join(
            " ", sentences(Rate.of(98, 200), Rate.of(40, 200), new Interval(0.29, 0.2, 0.4)));
    assertTrue(many.contains("more with protection than the rule's false alarms explain"), many);
  }

  @Test
  void nothingMeasuredIsSaid() {
    ReportView view = new ReportView(SampleReport.bare("m"), new SamplePictures(), true);
    assertEquals(
        List.of("Whether images copy training images was not measured."),
        new CopySentences(view).sentences());
  }

  private static List<String> sentences(Rate without, Rate with, Interval less) {
    SimilarityFigures measure = SampleReport.filled().replication().get(0);
    SimilarityFigures changed =
        new SimilarityFigures(
            measure.space(),
            measure.measure(),
            measure.lowIsNear(),
            measure.rule(),
            measure.threshold(),
            measure.chosenFor(),
            Rate.of(6, 1000),
            List.of(new MethodRate("unprotected", without), new MethodRate("cpsample", with)),
            less,
            measure.histogram());
    Report report = SampleReport.withReplication(SampleReport.filled(), List.of(changed));
    return new CopySentences(new ReportView(report, new SamplePictures(), true)).sentences();
  }
}
