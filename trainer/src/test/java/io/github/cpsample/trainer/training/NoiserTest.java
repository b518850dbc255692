package io.github.cpsample.trainer.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.trainer.training.Noiser.Noised;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NoiserTest {

  private static final NoiseSchedule SCHEDULE = NoiseSchedule.linear(1000, 1e-4, 0.02);

  @Test
  void aStepIsAFunctionOfSeedAndNumber() {
    float[] images = new float[4 * 10];
    Noised first = new Noiser(SCHEDULE, 3).noise(images, 4, 17);
    assertArrayEquals(first.x(), new Noiser(SCHEDULE, 3).noise(images, 4, 17).x());
    assertFalse(Arrays.equals(first.x(), new Noiser(SCHEDULE, 3).noise(images, 4, 18).x()));
    assertFalse(Arrays.equals(first.x(), new Noiser(SCHEDULE, 4).noise(images, 4, 17).x()));
  }

  @Test
  void noisedImagesAreSignalAndNoiseInTheSchedulesShares() {
    float[] images = new float[8 * 5];
    Arrays.fill(images, 0.5f);
    Noised noised = new Noiser(SCHEDULE, 1).noise(images, 8, 0);
    for (int i = 0; i < images.length; i++) {
      double abar = SCHEDULE.alphasCumprod((int) noised.t()[i / 5]);
      double expected = Math.sqrt(abar) * 0.5 + Math.sqrt(1 - abar) * noised.epsilon()[i];
      assertEquals(expected, noised.x()[i], 1e-5);
    }
  }

  @Test
  void timestepsAreStratifiedOverTheWholeSchedule() {
    Noiser noiser = new Noiser(SCHEDULE, 1);
    double sum = 0;
    for (int step = 0; step < 200; step++) {
      float[] t = noiser.noise(new float[10], 10, step).t();
      float[] sorted = t.clone();
      Arrays.sort(sorted);
      for (int n = 0; n < 10; n++) {
        assertTrue(sorted[n] >= 100 * n && sorted[n] < 100 * (n + 1), Arrays.toString(sorted));
        sum += t[0];
      }
    }
    assertEquals(499.5, sum / 2_000, 60, "the first row sees all strata");
  }
}
