package io.github.cpsample.evaluation.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.evaluation.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The loss of quality by hand. */
class QualityLossTest {

  /** Real images: distances 1, 2, 3, whose deviation is 1; features -1, 0, 1, of variance 1. */
  private static QualityReference reference(boolean embedded) {
    double[][] features = {{-1}, {0}, {1}};
    return QualityReference.of(
        new double[] {1, 2, 3}, embedded ? Optional.of(features) : Optional.empty());
  }

  private static Series series(double distance, float... features) {
    List<ImageResult> images = new ArrayList<>();
    for (float feature : features) {
      images.add(new ImageResult(1, false, distance, 0, List.of(feature)));
    }
    Series series = new Series();
    series.add(new BatchResult(0, images, 10, 0, 1));
    return series;
  }

  @Test
  void driftIsInDeviationsOfRealDistances() {
    QualityLoss loss = new QualityLoss(reference(false), series(2, 0, 0, 0), series(2.5, 0, 0, 0));
    assertEquals(0.5, loss.value(), 1e-12);
    assertEquals(Optional.empty(), QualityLoss.frechet(reference(false), series(2, 0, 0, 0)));
  }

  /** A shift of the mean by 3 at equal variance: Frechet distance 9, its root 3. */
  @Test
  void theDistributionIsInDeviationsOfRealFeatures() {
    Series plain = series(2, -1, 0, 1);
    Series shifted = series(2.25, 2, 3, 4);
    assertEquals(9, QualityLoss.frechet(reference(true), shifted).orElseThrow(), 1e-9);
    assertEquals(3.25, new QualityLoss(reference(true), plain, shifted).value(), 1e-6);
    assertEquals(-3.25, new QualityLoss(reference(true), shifted, plain).value(), 1e-6);
  }

  @Test
  void anIntervalHoldsTheLossOfPairs() {
    Interval loss =
        new QualityLoss(reference(false), series(2, 0, 0, 0), series(2.5, 0, 0, 0))
            .interval(new Bootstrap(50, 0.95, 1));
    assertEquals(new Interval(0.5, 0.5, 0.5), loss, "equal differences do not vary");
  }

  @Test
  void refusesOtherSeedsAndEqualImages() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new QualityLoss(reference(false), series(1, 0, 0), series(1, 0, 0, 0)));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> QualityReference.of(new double[] {2, 2, 2}, Optional.empty()));
    assertTrue(e.getMessage().contains("expected images that differ"), e.getMessage());
  }

  @Test
  void overheadIsOfSums() {
    Series plain = new Series();
    Series guarded = new Series();
    double[][] seconds = {{1, 2}, {3, 3}};
    for (int i = 0; i < 2; i++) {
      ImageResult image = new ImageResult(1, false, 1, 0, List.of());
      plain.add(new BatchResult(i, List.of(image), 10, 0, seconds[i][0]));
      guarded.add(new BatchResult(i, List.of(image), 10, 0, seconds[i][1]));
    }
    assertEquals(0.25, Overhead.of(plain, guarded), 1e-12);
    assertTrue(Overhead.alwaysAbove(plain, guarded, -0.1, 2));
    assertTrue(!Overhead.alwaysAbove(plain, guarded, 0.1, 2), "the second block was as fast");
    assertTrue(!Overhead.alwaysAbove(plain, guarded, -0.1, 3), "too few blocks");
  }
}
