package io.github.cpsample.evaluation.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.GoldenAudit;
import io.github.cpsample.evaluation.figures.QualityFigures;
import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.evaluation.statistics.RowSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QualityMeasuresTest {

  private static final QualityMeasures MEASURES = new QualityMeasures("some", 3);

  private static FeatureSet set(String name, float[][] rows) {
    return FeatureSet.of(name, RowSource.of(rows));
  }

  private static float[][] normal(long seed, int count, int width, double mean) {
    Random random = new Random(seed);
    float[][] rows = new float[count][width];
    for (float[] row : rows) {
      for (int d = 0; d < width; d++) {
        row[d] = (float) (mean + random.nextGaussian());
      }
    }
    return rows;
  }

  private static List<Interval> all(QualityFigures figures) {
    return List.of(
        figures.frechetDistance(), figures.kernelDistance(), figures.precision(), figures.recall());
  }

  private static void assertHolds(Interval interval) {
    assertTrue(
        interval.low() <= interval.value() && interval.value() <= interval.high(),
        interval.toString());
  }

  /** Features in single precision, as networks give them: SciPy's value up to their rounding. */
  @Test
  void theDistanceIsThatOfScipy() {
    float[][] first = new float[40][6];
    float[][] second = new float[50][6];
    for (int j = 1; j <= 6; j++) {
      for (int i = 1; i <= 40; i++) {
        first[i - 1][j - 1] = (float) Math.sin(0.37 * i * j);
      }
      for (int k = 1; k <= 50; k++) {
        second[k - 1][j - 1] = (float) (Math.cos(0.21 * k * j) + 0.1 * (j - 1));
      }
    }
    QualityFigures figures = MEASURES.compare(set("a", first), set("b", second));
    double expected = GoldenAudit.section("fid_kid").get("fid_sqrtm").getAsDouble();
    assertEquals(expected, figures.frechetDistance().value(), 1e-6);
    assertEquals("some", figures.embedder());
    assertEquals("a", figures.method());
    assertEquals("b", figures.reference());
    assertEquals(40, figures.images());
    assertEquals(50, figures.references());
    all(figures).forEach(QualityMeasuresTest::assertHolds);
  }

  @Test
  void aSetAgainstItselfIsPerfect() {
    float[][] rows = normal(1, 60, 4, 0);
    QualityFigures figures = MEASURES.compare(set("a", rows), set("b", rows));
    assertEquals(0, figures.frechetDistance().value(), 1e-12);
    assertEquals(0, figures.frechetDistance().low());
    assertTrue(figures.kernelDistance().value() < 0, figures.toString());
    assertEquals(1, figures.precision().value());
    assertEquals(1, figures.recall().value());
    assertEquals(1, figures.recall().high());
  }

  /** Constants 1 and 3 in three features, by hand: distance 3 x 2^2, kernels as below. */
  @Test
  void constantFeatures() {
    float[][] ones = new float[10][3];
    float[][] threes = new float[12][3];
    for (float[] row : ones) {
      Arrays.fill(row, 1);
    }
    for (float[] row : threes) {
      Arrays.fill(row, 3);
    }
    QualityFigures figures = MEASURES.compare(set("a", ones), set("b", threes));
    assertEquals(12, figures.frechetDistance().value(), 1e-12);
    assertEquals(12, figures.frechetDistance().high(), 1e-9);
    // k = (x.y/3 + 1)^3: 2^3 within, 10^3 within, 4^3 across
    assertEquals(8 + 1000 - 2 * 64, figures.kernelDistance().value(), 1e-9);
    assertEquals(0, figures.precision().value());
    assertEquals(0, figures.recall().value());
    QualityFigures same = MEASURES.compare(set("a", ones), set("b", ones));
    assertEquals(0, same.frechetDistance().value());
    assertEquals(1, same.precision().value());
  }

  /** Fewer images than features: the mean term is exact, and nothing becomes NaN. */
  @Test
  void fewerImagesThanFeatures() {
    float[][] rows = normal(2, 12, 100, 0);
    float[][] moved = new float[12][100];
    for (int i = 0; i < 12; i++) {
      for (int d = 0; d < 100; d++) {
        moved[i][d] = rows[i][d] + 0.5f;
      }
    }
    QualityFigures figures = MEASURES.compare(set("a", rows), set("b", moved));
    assertEquals(100 * 0.25, figures.frechetDistance().value(), 1e-4);
    all(figures).forEach(QualityMeasuresTest::assertHolds);
  }

  @Test
  void setsOfVeryDifferentSizes() {
    QualityFigures figures =
        MEASURES.compare(set("a", normal(3, 5, 3, 0)), set("b", normal(4, 700, 3, 0)));
    all(figures).forEach(QualityMeasuresTest::assertHolds);
    assertEquals(700, figures.references());
  }

  @Test
  void betterImagesAreNearer() {
    FeatureSet real = set("real", normal(5, 300, 4, 0));
    QualityFigures good = MEASURES.compare(set("good", normal(6, 300, 4, 0)), real);
    QualityFigures bad = MEASURES.compare(set("bad", normal(7, 300, 4, 2)), real);
    assertTrue(good.frechetDistance().high() < bad.frechetDistance().low());
    assertTrue(good.kernelDistance().high() < bad.kernelDistance().low());
    assertTrue(good.precision().low() > bad.precision().high());
    assertTrue(good.recall().low() > bad.recall().high());
  }

  @Test
  void tooFewAndWhatIsNotFiniteIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> set("a", normal(1, 4, 3, 0)));
    float[][] rows = normal(1, 8, 3, 0);
    rows[5][1] = Float.NaN;
    assertThrows(IllegalArgumentException.class, () -> set("a", rows));
    assertThrows(
        IllegalArgumentException.class,
        () -> MEASURES.compare(set("a", normal(1, 8, 3, 0)), set("b", normal(1, 8, 2, 0))));
  }
}
