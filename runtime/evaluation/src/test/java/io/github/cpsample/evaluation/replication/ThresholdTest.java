package io.github.cpsample.evaluation.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Thresholds computed by hand, and their promise on fresh images. */
class ThresholdTest {

  private static final double[] HUNDRED = IntStream.rangeClosed(1, 99).asDoubleStream().toArray();

  @Test
  void theNearestOf99ImagesIsTheThresholdForOnePercent() {
    Threshold threshold = Threshold.choose(Measure.L2, HUNDRED, 0.01);
    assertEquals(1, threshold.value());
    assertEquals(0.01, threshold.chosenFor());
    assertFalse(threshold.isReplica(1));
    assertTrue(threshold.isReplica(Math.nextDown(1.0)));
  }

  @Test
  void takesTheFifthOf99ForFivePercentFromEitherEnd() {
    assertEquals(5, Threshold.choose(Measure.RATIO, HUNDRED, 0.05).value());
    Threshold cosine = Threshold.choose(Measure.COSINE, HUNDRED, 0.05);
    assertEquals(95, cosine.value());
    assertTrue(cosine.isReplica(95.5));
    assertFalse(cosine.isReplica(95));
  }

  @Test
  void fewImagesDoNotPermitTheTargetAndItSaysSo() {
    Threshold threshold = Threshold.choose(Measure.L2, new double[] {3, 2, 5}, 0.01);
    assertEquals(2, threshold.value());
    assertEquals(0.25, threshold.chosenFor());
    assertTrue(threshold.describe().contains("3 held-out images for at most 25 %"));
  }

  @Test
  void tiesAreNotReplicas() {
    double[] tied = new double[200];
    Threshold threshold = Threshold.choose(Measure.L2, tied, 0.5);
    assertEquals(0, IntStream.range(0, 200).filter(i -> threshold.isReplica(tied[i])).count());
  }

  @Test
  void needsAnImage() {
    assertThrows(
        IllegalArgumentException.class, () -> Threshold.choose(Measure.L2, new double[0], 0.01));
  }

  /** The k-th smallest of n uniform numbers has the mean k / (n + 1). */
  @Test
  void freshImagesAreTakenForReplicasAsOftenAsPromised() {
    Random random = new Random(1);
    double sum = 0;
    int trials = 20_000;
    for (int trial = 0; trial < trials; trial++) {
      double[] numbers = random.doubles(50).toArray();
      sum += Threshold.choose(Measure.L2, numbers, 0.1).value();
    }
    assertEquals(5.0 / 51, sum / trials, 0.001);
  }
}
