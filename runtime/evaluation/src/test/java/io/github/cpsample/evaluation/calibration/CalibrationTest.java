package io.github.cpsample.evaluation.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.CalibrationEvidence;
import io.github.cpsample.evaluation.calibration.Calibration.Outcome;
import io.github.cpsample.protection.ProtectionSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search on a model whose rates are known. */
class CalibrationTest {

  private static final Candidate PRESENT = candidate(0.05, 20, 500);

  @TempDir private Path folder;

  private static Candidate candidate(double alpha, double scale, int last) {
    return new Candidate(4, ProtectionSettings.of("code", "opposite-label", alpha, scale, 0, last));
  }

  private static List<Candidate> grid() {
    return CandidateGrid.of(CandidateGrid.Size.USUAL, List.of(4), 50, 1000).candidates(PRESENT);
  }

  private static CalibrationPlan plan(double maxReplicas, Double loss, Double overhead, int count) {
    CalibrationEvidence.Bounds bounds = new CalibrationEvidence.Bounds(maxReplicas, loss, overhead);
    return new CalibrationPlan(bounds, 1000, 16, 64, 1024, 4, count, 3);
  }

  private static HeldOutHalves halves() {
    float[][] rows =
        IntStream.range(0, 40).mapToObj(i -> new float[] {i * i, -i}).toArray(float[][]::new);
    return HeldOutHalves.split(new float[][] {{0, 0}}, rows, Optional.empty(), 3);
  }

  private static Outcome run(BatchSampler sampler, CalibrationPlan plan)
      throws IOException, InterruptedException {
    return new Calibration(sampler, halves(), plan, CalibrationProgress.none()).run(grid());
  }

  private static CalibrationEvidence.Confirmation measured(Outcome outcome) {
    return outcome.chosen().orElseThrow().measured().orElseThrow();
  }

  /**
   * Of the settings with so few replicas that 1,024 images show it (a third of the bound: at most
   * four replicas among them are enough), the one that drifts least is known.
   */
  @Test
  void findsTheBestSetting() throws Exception {
    KnownSampler sampler = new KnownSampler();
    Outcome outcome = run(sampler, plan(0.01, null, null, 2000));
    Candidate best =
        grid().stream()
            .filter(it -> KnownSampler.rate(Optional.of(it)) <= 0.0033)
            .min(Comparator.comparingDouble(KnownSampler::drift))
            .orElseThrow();
    Candidate chosen = outcome.chosen().orElseThrow().candidate();
    assertEquals(KnownSampler.drift(best), KnownSampler.drift(chosen), 1e-12, chosen.text());
    assertEquals(300, chosen.settings().lastTimestep(), "equal images for less work");
    assertTrue(measured(outcome).shown());
    assertEquals(2000, measured(outcome).images());
  }

  @Test
  void timeGoesToPromisingSettings() throws Exception {
    KnownSampler sampler = new KnownSampler();
    run(sampler, plan(0.01, null, null, 320));
    Candidate hopeless = candidate(0.01, 40, 300);
    assertEquals(64, sampler.sampled(Part.TUNING, hopeless), "27 % replicas are seen at once");
    int all = grid().size() * 1024;
    assertTrue(sampler.sampled() < all / 3, sampler.sampled() + " of " + all);
    assertEquals(0, sampler.sampled(Part.CONFIRMATION, hopeless));
  }

  @Test
  void noSeedServesTwice() throws Exception {
    KnownSampler sampler = new KnownSampler(30);
    CalibrationPlan plan = plan(0.01, null, null, 320);
    Outcome outcome = run(sampler, plan);
    assertTrue(outcome.attempts().size() > 1, "a second try");
    assertTrue(Collections.disjoint(sampler.seeds(Part.TUNING), sampler.seeds(Part.CONFIRMATION)));
    assertEquals(
        LongStream.range(1000, 2024).boxed().toList(),
        sampler.seeds(Part.TUNING).stream().sorted().toList());
    long first = Collections.min(sampler.seeds(Part.CONFIRMATION));
    assertEquals(2024, first);
    assertEquals(2024, plan.confirmationSeed(1));
    assertEquals(2344, plan.confirmationSeed(2));
    assertEquals(2664, plan.confirmationSeed(3));
    assertThrows(IllegalArgumentException.class, () -> plan.confirmationSeed(4));
  }

  @Test
  void aFailedConfirmationLeadsToAStrongerSetting() throws Exception {
    KnownSampler sampler = new KnownSampler(30);
    Outcome outcome = run(sampler, plan(0.01, null, null, 2000));
    assertTrue(outcome.attempts().get(0).failure().orElseThrow().startsWith("replicas"));
    assertEquals(sampler.confirmed().size(), outcome.attempts().size());
    for (int i = 1; i < outcome.attempts().size(); i++) {
      Candidate before = outcome.attempts().get(i - 1).candidate();
      Candidate next = outcome.attempts().get(i).candidate();
      assertFalse(next.isNoStrongerThan(before), next.text() + " after " + before.text());
    }
    Candidate chosen = outcome.chosen().orElseThrow().candidate();
    assertTrue(30 * KnownSampler.rate(Optional.of(chosen)) <= 0.01, chosen.text());
  }

  @Test
  void nothingIsChosenWhereNothingCanBe() throws Exception {
    Outcome outcome = run(new KnownSampler(), plan(0.01, 0.0, null, 320));
    assertEquals(Optional.empty(), outcome.chosen());
    assertEquals(List.of(), outcome.attempts());
    assertTrue(outcome.nearest().orElseThrow().contains("quality loss"), outcome.toString());
    assertEquals(grid().size(), outcome.curve().size(), "the curve is there all the same");
    Outcome deceived = run(new KnownSampler(1000), plan(0.01, null, null, 320));
    assertEquals(Optional.empty(), deceived.chosen());
    assertEquals(3, deceived.attempts().size());
    assertTrue(deceived.nearest().orElseThrow().contains("replicas"), deceived.toString());
  }

  /** Settings up to t = 300 ask the classifier 60 times, those up to 500 a hundred times. */
  @Test
  void keepsTheBoundOnTime() throws Exception {
    Outcome outcome = run(new KnownSampler(), plan(0.01, null, 0.08, 320));
    assertEquals(0.06, measured(outcome).overhead().value(), 1e-9);
    for (CalibrationEvidence.Point point : outcome.curve()) {
      assertEquals(point.settings().lastTimestep() * 0.0002, point.overhead(), 1e-9);
      assertTrue(
          point.settings().lastTimestep() == 300 || !point.verdict().equals("meets the bounds"));
    }
    Outcome none = run(new KnownSampler(), plan(0.01, null, 0.05, 320));
    assertTrue(none.nearest().orElseThrow().contains("overhead"), none.toString());
  }

  @Test
  void saysWhatTheCountCannotShow() throws Exception {
    Outcome outcome = run(new KnownSampler(), plan(0.001, null, null, 320));
    CalibrationEvidence.Confirmation measured = measured(outcome);
    assertFalse(measured.shown());
    assertEquals(0, measured.replicas());
    assertEquals(1 - Math.pow(0.05 / 3, 1 / 320.0), measured.replicasAtMost(), 1e-9);
    assertEquals(1, outcome.attempts().size(), "more tries of this size cannot show more");
  }

  @Test
  void measuresWhatTheModelIs() throws Exception {
    Outcome outcome = run(new KnownSampler(), plan(0.01, null, null, 4000));
    Candidate chosen = outcome.chosen().orElseThrow().candidate();
    CalibrationEvidence.Confirmation measured = measured(outcome);
    double drift = KnownSampler.drift(chosen);
    assertEquals(
        drift,
        measured.heldOutDistance().value() - measured.heldOutDistanceUnprotected().value(),
        1e-9,
        "common seeds cancel");
    double spread = halves().reference(Part.CONFIRMATION).distanceSpread();
    assertEquals(drift / spread, measured.qualityLoss().value(), 1e-9);
    assertTrue(measured.heldOutDistance().low() < 0.3 + drift);
    assertTrue(measured.heldOutDistance().high() > 0.3 + drift);
    assertEquals(0.4, measured.replicasUnprotected() / 4000.0, 0.03);
  }

  @Test
  void anInterruptedCalibrationEndsAsAnotherOne() throws Exception {
    CalibrationPlan plan = plan(0.01, null, null, 320);
    Map<String, String> settings = Map.of("seed", "1000");
    KnownSampler whole = new KnownSampler();
    Outcome expected = run(whole, plan);
    List<Integer> samples = new ArrayList<>();
    for (int blocks : new int[] {1, 50, 150}) {
      KnownSampler broken = new KnownSampler().interruptedAfter(blocks);
      try (CalibrationFolder opened = CalibrationFolder.open(folder, settings)) {
        assertThrows(InterruptedException.class, () -> run(opened.recording(broken), plan));
      }
      samples.add(broken.sampled());
    }
    KnownSampler rest = new KnownSampler();
    try (CalibrationFolder opened = CalibrationFolder.open(folder, settings)) {
      assertEquals(201, opened.finishedBlocks());
      assertEquals(expected, run(opened.recording(rest), plan));
    }
    samples.add(rest.sampled());
    assertEquals(
        whole.sampled(),
        samples.stream().mapToInt(Integer::intValue).sum(),
        "nothing is sampled twice");
  }

  @Test
  void ofTwoAtOnceInOneFolderTheSecondIsRefused() throws Exception {
    Map<String, String> settings = Map.of("seed", "1000");
    CalibrationFolder first = CalibrationFolder.open(folder, settings);
    IOException refused =
        assertThrows(IOException.class, () -> CalibrationFolder.open(folder, settings));
    assertTrue(
        refused.getMessage().contains("another calibration is at work"), refused.getMessage());
    first.close();
    CalibrationFolder.open(folder, settings).close();
  }

  @Test
  void theSameSeedGivesTheSameAnswer() throws Exception {
    CalibrationPlan plan = plan(0.01, null, null, 320);
    assertEquals(run(new KnownSampler(), plan), run(new KnownSampler(), plan));
    CalibrationPlan other = new CalibrationPlan(plan.bounds(), 77_000, 16, 64, 1024, 4, 320, 3);
    assertNotEquals(run(new KnownSampler(), plan), run(new KnownSampler(), other));
  }
}
