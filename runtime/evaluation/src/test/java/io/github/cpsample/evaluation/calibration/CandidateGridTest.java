package io.github.cpsample.evaluation.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.CalibrationEvidence;
import io.github.cpsample.evaluation.calibration.CandidateGrid.Range;
import io.github.cpsample.evaluation.calibration.CandidateGrid.Size;
import io.github.cpsample.evaluation.figures.TradeOff;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.protection.Thresholds;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is tried, and how much is sampled for it. */
class CandidateGridTest {

  private static final Candidate PRESENT = candidate(0.07, 120, 0, 500);

  private static Candidate candidate(double alpha, double scale, int first, int last) {
    return new Candidate(
        32, ProtectionSettings.of("code", "opposite-label", alpha, scale, first, last));
  }

  @Test
  void namedGridsHaveTheirCombinations() {
    assertEquals(
        10, CandidateGrid.of(Size.SMALL, List.of(32), 50, 1000).candidates(PRESENT).size());
    List<Candidate> usual = CandidateGrid.of(Size.USUAL, List.of(32), 50, 1000).candidates(PRESENT);
    assertEquals(40, usual.size(), "the present setting is one of them");
    assertEquals(PRESENT, usual.get(0));
    assertEquals(
        168, CandidateGrid.of(Size.LARGE, List.of(32), 50, 1000).candidates(PRESENT).size());
    assertEquals(
        18, CandidateGrid.of(Size.SMALL, List.of(1, 8), 50, 1000).candidates(PRESENT).size());
  }

  @Test
  void scalesGrowWithTheSteps() {
    CandidateGrid grid = CandidateGrid.of(Size.SMALL, List.of(32), 200, 1000);
    assertEquals(List.of(240.0, 480.0, 960.0), grid.scales());
    assertEquals(List.of(new Range(0, 500)), grid.ranges());
    assertEquals(
        List.of(new Range(0, 30), new Range(0, 50), new Range(0, 99)),
        CandidateGrid.of(Size.LARGE, List.of(32), 10, 100).ranges());
  }

  @Test
  void thePaperGateIsForOneBit() {
    CandidateGrid grid =
        new CandidateGrid(
            List.of(1, 8),
            List.of(0.1),
            List.of(5.0),
            List.of(new Range(0, 9)),
            List.of("opposite-label", "own-label"),
            List.of("code", "paper"),
            List.of());
    List<Candidate> candidates = grid.candidates(PRESENT);
    assertEquals(6, candidates.size());
    assertTrue(
        candidates.stream()
            .filter(it -> it.settings().gate().label().equals("paper"))
            .allMatch(it -> it.bits() == 1));
  }

  /** What pushes nothing has no scale to be tried, and measured thresholds stay. */
  @Test
  void correctionsAreTriedWithWhatTheyNeed() {
    Correction heal = new Correction(Correction.Kind.HEAL, 60, 4, 2);
    Correction restart = heal.withKind(Correction.Kind.RESTART);
    Thresholds measured = new Thresholds(0.01, List.of(new Thresholds.Level(0, 0.3)));
    ProtectionSettings settings =
        PRESENT.settings().withAsks(Subject.X_0).withThresholds(measured).withCorrection(restart);
    CandidateGrid grid =
        new CandidateGrid(
            List.of(32),
            List.of(),
            List.of(10.0, 20.0),
            List.of(new Range(0, 500)),
            List.of("opposite-label"),
            List.of("code"),
            List.of(restart, heal));
    List<Candidate> candidates = grid.candidates(new Candidate(32, settings));
    assertEquals(
        List.of(
            settings,
            settings.withCorrection(heal).withScale(10),
            settings.withCorrection(heal).withScale(20)),
        candidates.stream().map(Candidate::settings).toList());
    assertEquals(3, candidates.stream().map(Candidate::text).distinct().count());
    assertTrue(candidates.get(0).text().endsWith("asks x0, " + restart.describe()));
    assertTrue(candidates.get(1).isNoStrongerThan(candidates.get(2)));
    assertFalse(candidates.get(0).isNoStrongerThan(candidates.get(2)), "other corrections");
    assertEquals(
        "K 32, alpha 0.07, s 120.0, t 0-500, opposite-label, gate code",
        PRESENT.text(),
        "the paper's, as folders of earlier calibrations have it");
  }

  @Test
  void strongerSettingsGuardMoreAndPushHarder() {
    assertTrue(PRESENT.isNoStrongerThan(PRESENT));
    assertTrue(PRESENT.isNoStrongerThan(candidate(0.1, 200, 0, 999)));
    assertFalse(PRESENT.isNoStrongerThan(candidate(0.1, 100, 0, 999)));
    assertFalse(PRESENT.isNoStrongerThan(candidate(0.1, 200, 0, 499)));
    assertFalse(PRESENT.isNoStrongerThan(candidate(0.1, 200, 1, 999)));
    assertFalse(
        PRESENT.isNoStrongerThan(
            new Candidate(32, ProtectionSettings.of("code", "own-label", 0.1, 200, 0, 999))));
  }

  /** With three tries the limit of each has 98.3 %: 4.09 / n for no replica, 6.1 / n for one. */
  @Test
  void theUsualCountShowsTheBoundInSpiteOfOneReplica() {
    for (double most : new double[] {0.001, 0.01}) {
      int count = CalibrationPlan.usualCount(most);
      CalibrationPlan plan = plan(most, count);
      assertTrue(plan.leastLimit() < most);
      assertEquals(1 - Math.pow(0.05 / 3, 1.0 / plan.count()), plan.leastLimit(), 1e-12);
      assertEquals(1 - 0.05 / 3, plan.confidencePerTry(), 1e-12);
    }
    assertEquals(6500, CalibrationPlan.usualCount(0.001));
    assertEquals(200, CalibrationPlan.usualCount(0.5));
    assertEquals(20_000, CalibrationPlan.usualCount(1e-6));
    assertEquals(500, CalibrationPlan.usualTuning(0.01));
  }

  private static CalibrationPlan plan(double most, int count) {
    return new CalibrationPlan(
        new CalibrationEvidence.Bounds(most, null, null), 0, 16, 64, 512, 4, count, 3);
  }

  @Test
  void countsAreWholeBatchesAndSeedsMustFit() {
    assertEquals(112, plan(0.1, 100).count());
    CalibrationEvidence.Bounds bounds = new CalibrationEvidence.Bounds(0.1, null, null);
    assertThrows(
        IllegalArgumentException.class,
        () -> new CalibrationPlan(bounds, Long.MAX_VALUE - 500, 16, 64, 512, 4, 100, 3));
    assertThrows(
        IllegalArgumentException.class,
        () -> new CalibrationPlan(bounds, 0, 16, 64, 32, 4, 100, 3));
  }

  /** Real and equal images are told apart, and no image is in both halves. */
  @Test
  void heldOutImagesAreSplitOnce() {
    float[][] training = {{100, 0}};
    float[][] heldOut = new float[21][];
    for (int i = 0; i < heldOut.length; i++) {
      heldOut[i] = new float[] {i * i, 0};
    }
    heldOut[20] = new float[] {100, 0};
    heldOut[11] = new float[] {9, 0};
    HeldOutHalves halves = HeldOutHalves.split(training, heldOut, Optional.empty(), 5);
    assertEquals(9, halves.size(Part.TUNING), "20 less those that equal 10 x 10 and 3 x 3");
    assertEquals(9, halves.size(Part.CONFIRMATION));
    for (float[] row : heldOut) {
      double tuning = halves.part(Part.TUNING).distances(new float[][] {row})[0];
      double confirmation = halves.part(Part.CONFIRMATION).distances(new float[][] {row})[0];
      boolean trained = row[0] == 100;
      assertEquals(trained ? 0 : 1, (tuning == 0 ? 1 : 0) + (confirmation == 0 ? 1 : 0));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> HeldOutHalves.split(training, training, Optional.empty(), 5));
  }

  @Test
  void pointsBecomeATradeOff() {
    TradeOff tradeOff =
        EvidenceTradeOff.of(
            List.of(
                new CalibrationEvidence.Point(
                    32, PRESENT.settings(), 64, 16, null, 0.3, 0.1, 0.05, 0.2, "x")),
            Optional.of(PRESENT.settings()),
            "test");
    TradeOff.Point point = tradeOff.points().get(0);
    assertEquals(0.25, point.replicas().value());
    assertEquals(120, point.scale());
    assertEquals(500, point.lastTimestep());
    assertTrue(point.chosen());
    assertEquals(1.2, point.overhead(), 1e-12, "unprotected is 1 in reports, 0 in calibrations");
  }
}
