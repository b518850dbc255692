package io.github.cpsample.evaluation.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.figures.Histogram;
import io.github.cpsample.evaluation.figures.SimilarityFigures;
import io.github.cpsample.evaluation.figures.WorstPair;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Figures of a handful of numbers. */
class SimilarityTableTest {

  private static SimilarityTable table() {
    SimilarityTable table =
        new SimilarityTable(
            List.of("unprotected", "cpsample", "rejection"), SimilaritySettings.usual(3));
    for (int i = 0; i < 200; i++) {
      double share = i / 200.0;
      table.addHeldOut(match(1000 + i, 10 + share, 0.5 + share / 2, 0.5 - share / 2));
    }
    for (int seed = 0; seed < 10; seed++) {
      boolean replica = seed < 6;
      table.add("unprotected", seed, match(seed, replica ? 1 : 11, replica ? 0.1 : 0.9, 0.99));
      table.add("cpsample", seed, match(seed + 50, seed == 9 ? 2 : 12, seed == 9 ? 0.3 : 1, 0));
    }
    return table;
  }

  private static ImageMatch match(int nearest, double distance, double ratio, double cosine) {
    return new ImageMatch(
        List.of(
            new SpaceMatch(Space.PIXELS, nearest, distance, ratio, nearest, cosine),
            new SpaceMatch("net", nearest, 2 * distance, ratio, nearest, cosine)));
  }

  @Test
  void theFixedRuleInPixelsComesFirst() {
    List<SimilarityFigures> figures = table().figures();
    assertEquals(7, figures.size());
    SimilarityFigures fixed = figures.get(0);
    assertEquals("pixels", fixed.space());
    assertEquals("ratio", fixed.measure());
    assertEquals(0.4, fixed.threshold());
    assertEquals(0, fixed.chosenFor());
    assertEquals(200, fixed.falseAlarms().of());
    assertEquals(0, fixed.falseAlarms().value());
    assertEquals(0.6, fixed.methods().get(0).replicas().value());
    assertEquals(0.1, fixed.methods().get(1).replicas().value());
    assertEquals(0.5, fixed.lessThanUnprotected().value(), 1e-12);
    assertTrue(fixed.lessThanUnprotected().low() > -0.2);
  }

  @Test
  void theOthersAreMeasuredOnTheOtherHalf() {
    List<SimilarityFigures> figures = table().figures();
    assertEquals(
        List.of("l2", "cosine", "ratio", "l2", "cosine", "ratio"),
        figures.stream().skip(1).map(SimilarityFigures::measure).toList());
    SimilarityFigures l2 = figures.get(1);
    assertTrue(l2.lowIsNear());
    assertEquals(0.01, l2.chosenFor());
    assertEquals(100, l2.falseAlarms().of());
    assertTrue(l2.threshold() >= 10 && l2.threshold() < 10.2, "" + l2.threshold());
    double expected = Math.round((l2.threshold() - 10) * 200) / 100.0;
    assertEquals(expected, l2.falseAlarms().value(), 1e-9);
    assertEquals(0.6, l2.methods().get(0).replicas().value());
    SimilarityFigures cosine = figures.get(2);
    assertEquals(1, cosine.methods().get(0).replicas().value());
    assertEquals(0, cosine.methods().get(1).replicas().value());
    assertEquals(1, cosine.lessThanUnprotected().value());
    assertEquals(2 * l2.threshold(), figures.get(4).threshold(), 1e-12);
  }

  @Test
  void methodsWithoutSamplesAreLeftOut() {
    SimilarityFigures first = table().figures().get(0);
    assertEquals(
        List.of("unprotected", "cpsample"),
        first.methods().stream().map(it -> it.method()).toList());
    SimilarityTable alone =
        new SimilarityTable(List.of("unprotected"), SimilaritySettings.usual(1));
    alone.addHeldOut(match(1, 1, 1, 0));
    alone.addHeldOut(match(2, 2, 1, 0));
    alone.add("unprotected", 1, match(1, 1, 1, 0));
    assertNull(alone.figures().get(0).lessThanUnprotected());
    assertEquals(0.5, alone.figures().get(1).chosenFor());
    assertEquals(List.of(), alone.worst(3));
    assertThrows(IllegalArgumentException.class, () -> alone.add("magic", 1, match(1, 1, 1, 0)));
  }

  @Test
  void binsAreCommonAndSharesSumToOne() {
    for (SimilarityFigures figures : table().figures()) {
      Histogram histogram = figures.histogram();
      assertEquals(41, histogram.edges().size());
      assertEquals(
          List.of("held-out", "unprotected", "cpsample"),
          histogram.sets().stream().map(Histogram.Bars::name).toList());
      for (Histogram.Bars bars : histogram.sets()) {
        assertEquals(1, bars.shares().stream().mapToDouble(it -> it).sum(), 1e-12);
      }
    }
    Histogram l2 = table().figures().get(1).histogram();
    assertEquals(1, l2.edges().get(0));
    assertEquals(0.6, l2.sets().get(1).shares().get(0));
  }

  @Test
  void theWorstSeedsComeFirst() {
    List<WorstPair> worst = table().worst(7);
    assertEquals(7, worst.size());
    assertEquals(new WorstPair(0, 0, 0.1, 1, true, false), worst.get(0));
    assertEquals(new WorstPair(6, 6, 0.9, 1, false, false), worst.get(6));
  }

  @Test
  void theHalvesFollowFromTheSeed() {
    List<ImageMatch> images = IntStream.range(0, 9).mapToObj(i -> match(i, i, 1, 0)).toList();
    HeldOutHalves halves = HeldOutHalves.of(images, 5);
    assertEquals(halves, HeldOutHalves.of(images, 5));
    assertEquals(4, halves.chosenOn().size());
    assertEquals(5, halves.measuredOn().size());
    assertTrue(halves.chosenOn().stream().noneMatch(halves.measuredOn()::contains));
    assertThrows(IllegalArgumentException.class, () -> HeldOutHalves.of(images.subList(0, 1), 5));
  }
}
