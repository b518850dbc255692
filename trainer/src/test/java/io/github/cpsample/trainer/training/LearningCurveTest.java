package io.github.cpsample.trainer.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearningCurveTest {

  @TempDir private Path run;

  private void write(String... lines) throws IOException {
    Files.write(run.resolve("metrics.jsonl"), List.of(lines));
  }

  private static String line(long step, double loss) {
    return "{\"step\":" + step + ",\"loss\":" + loss + ",\"gradNorm\":1}";
  }

  @Test
  void stretchesAreAveragedAndAStepThatWasDoneTwiceCountsOnce() throws IOException {
    write(line(0, 8), line(20, 4), line(40, 9), line(20, 2), line(40, 6), line(60, 1));
    assertEquals(
        List.of(new LearningCurve.LossPoint(20, 5), new LearningCurve.LossPoint(60, 3.5)),
        LearningCurve.read(run, 2));
    assertEquals(4, LearningCurve.read(run, 50).size());
    assertEquals(new LearningCurve.LossPoint(40, 6), LearningCurve.read(run, 50).get(2));
    assertEquals(List.of(new LearningCurve.LossPoint(60, 4.25)), LearningCurve.read(run, 1));
  }

  @Test
  void aBrokenLineIsShown() throws IOException {
    write(line(0, 8), "nonsense");
    IOException refusal = assertThrows(IOException.class, () -> LearningCurve.read(run, 2));
    assertTrue(refusal.getMessage().contains("nonsense"), refusal.getMessage());
  }
}
