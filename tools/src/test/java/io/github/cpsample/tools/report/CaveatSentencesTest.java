package io.github.cpsample.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.figures.Report;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaveatSentencesTest {

  @Test
  void whatCannotBeSeenIsSaid() {
    List<String> sentences = sentences(SampleReport.filled());
    assertEquals(
        "With 200 images of a kind, a share of copies below 1.9\u00a0% cannot be told from none; more"
            + " images would tell more.",
        sentences.get(0));
    assertEquals(
        "Attacks were tried on as few as 500 held-out images; what is found at 0.1\u00a0% of false"
            + " alarms is then found without any.",
        sentences.get(1));
    assertEquals(
        "Nearest images in garments (l2) were searched for with an approximate index that finds"
            + " 98.7\u00a0% [98.1, 99.2] of the true ones; copies may have been missed.",
        sentences.get(2));
    assertEquals(
        "Of 200 seeds rejection sampling delivered 102 images; its shares are of the delivered"
            + " ones.",
        sentences.get(3));
  }

  @Test
  void generalOnesAreAlwaysThere() {
    List<String> sentences = sentences(SampleReport.bare("m"));
    assertEquals(3, sentences.size());
    assertTrue(sentences.get(1).contains("no proof"));
    assertFalse(String.join(" ", sentences).contains("approximate"));
  }

  private static List<String> sentences(Report report) {
    return new CaveatSentences(new ReportView(report, new SamplePictures(), true)).sentences();
  }
}
