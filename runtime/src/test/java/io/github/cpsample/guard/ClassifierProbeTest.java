package io.github.cpsample.guard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.sampling.TinyModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierProbeTest {

  private static final TinyModel TINY = new TinyModel(8, 4);
  private static final long SEED = 40;

  @TempDir Path folder;

  private ClassifierProbe open(int draws) {
    try (ModelBundle bundle = GuardedModels.open(folder, TINY, List.of())) {
      return ClassifierProbe.open(bundle, ResolvedDevice.of(Device.cpu()), draws, SEED);
    }
  }

  /** Levels in the order asked, draws within them, from the model's written-down logits. */
  @Test
  void logitsOfEveryLevelAndDraw() {
    FloatImage image = GuardedModels.picture(3);
    List<Integer> timesteps = List.of(700, 1, 300);
    NoiseSchedule schedule = GuardedModels.manifest(TINY, List.of()).schedule().create();
    try (ClassifierProbe probe = open(2)) {
      float[] logits = probe.logits(image, timesteps);
      assertEquals(2, probe.draws());
      assertEquals(3 * 2 * probe.bits(), logits.length);
      for (int row = 0; row < 6; row++) {
        int t = timesteps.get(row / 2);
        double abar = schedule.alphasCumprod(t);
        float[] x = image.values();
        float[] z = new float[x.length];
        RandomMode.JAVA.open(SEED + row % 2).initial().fill(z, 0, z.length);
        double[] noised = new double[x.length];
        for (int i = 0; i < x.length; i++) {
          noised[i] = Math.sqrt(abar) * x[i] + Math.sqrt(1 - abar) * z[i];
        }
        double[] expected = TINY.logits(noised, t);
        for (int bit = 0; bit < expected.length; bit++) {
          assertEquals(expected[bit], logits[row * expected.length + bit], 1e-4);
        }
      }
    }
  }

  @Test
  void drawsOfAnImagesOwn() {
    FloatImage image = GuardedModels.picture(3);
    List<Integer> timesteps = List.of(700, 1);
    try (ClassifierProbe probe = open(2)) {
      int bits = probe.bits();
      float[] common = probe.logits(image, timesteps);
      assertArrayEquals(common, probe.logits(image, timesteps, SEED));
      float[] later = probe.logits(image, timesteps, SEED + 1);
      for (int level = 0; level < 2; level++) {
        int row = level * 2 * bits;
        assertArrayEquals(
            Arrays.copyOfRange(common, row + bits, row + 2 * bits),
            Arrays.copyOfRange(later, row, row + bits),
            1e-6f);
        assertFalse(
            Arrays.equals(
                Arrays.copyOfRange(common, row, row + bits),
                Arrays.copyOfRange(later, row + bits, row + 2 * bits)));
      }
    }
  }

  @Test
  void refusesWhatItCannotAsk() {
    assertThrows(IllegalArgumentException.class, () -> open(0));
    try (ClassifierProbe probe = open(1)) {
      FloatImage other = FloatImage.copyOf(new ImageShape(1, 2, 2), new float[4], 0);
      assertThrows(IllegalArgumentException.class, () -> probe.logits(other, List.of(1)));
      float[] broken = new float[TinyModel.SHAPE.size()];
      Arrays.fill(broken, Float.NaN);
      FloatImage nan = FloatImage.copyOf(TinyModel.SHAPE, broken, 0);
      String message =
          assertThrows(IllegalArgumentException.class, () -> probe.logits(nan, List.of(1)))
              .getMessage();
      assertTrue(message.contains("NaN"), message);
    }
  }

  @Test
  void aCheckFitsModelsWhoseCurveNamesALevel() {
    assertFalse(CertaintyCheck.fits(GuardedModels.manifest(TINY, List.of())));
    List<Manifest.MemorisationPoint> curve = List.of(GuardedModels.point(1, 0.99));
    assertTrue(CertaintyCheck.fits(GuardedModels.manifest(TINY, curve)));
    List<Manifest.MemorisationPoint> blind = List.of(GuardedModels.point(1, 0.55));
    assertFalse(CertaintyCheck.fits(GuardedModels.manifest(TINY, blind)));
  }
}
