package io.github.cpsample.trainer.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressBarsTest {
  private static final long SECOND = 1_000_000_000L;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long now = 7 * SECOND;

  private String shown(boolean terminal, TrainingBudget budget) {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    TrainingProgress progress = ProgressBars.on(out, terminal, () -> now);
    progress.started("denoiser", 100, budget);
    now += 40 * SECOND;
    progress.advanced(120, 0.5f, 9);
    progress.finished();
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** 20 steps took 40 s: 880 more take 1760 s, of which a minute leaves 20. */
  @Test
  void whatIsLeftHeedsTheMinutes() {
    TrainingBudget minute = new TrainingBudget(1000, 60);
    assertEquals(20, new ProgressBars.TimeLeft(100, minute).seconds(120, 40), 1e-9);
    assertEquals(
        1760, new ProgressBars.TimeLeft(100, TrainingBudget.ofSteps(1000)).seconds(120, 40), 1e-9);
    assertEquals(
        10, new ProgressBars.TimeLeft(0, new TrainingBudget(30, 60)).seconds(20, 20), 1e-9);
    assertEquals(
        0, new ProgressBars.TimeLeft(100, minute).seconds(140, 61), "a step that ended late");
  }

  @Test
  void linesSayWhatEndsTheRun() {
    assertEquals(
        List.of(
            "denoiser: step 120 of 1000, loss 0.5000, 9 images/s, 20 s to go until the time is"
                + " over"),
        shown(false, new TrainingBudget(1000, 60)).lines().toList());
    bytes.reset();
    assertEquals(
        List.of("denoiser: step 120 of 1000, loss 0.5000, 9 images/s, 1760 s to go"),
        shown(false, TrainingBudget.ofSteps(1000)).lines().toList());
  }

  @Test
  void theBarSaysTheSameAndShowsNoOtherTime() {
    String bar = shown(true, new TrainingBudget(1000, 3600));
    assertTrue(bar.contains("120/1000"), bar);
    assertTrue(bar.contains("1760 s"), bar);
  }
}
