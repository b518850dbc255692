package io.github.cpsample.guard;

import static io.github.cpsample.guard.GuardedModels.picture;
import static io.github.cpsample.guard.GuardedModels.point;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.sampling.TinyModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertaintyCheckTest {

  private static final TinyModel TINY = new TinyModel(8, 4);
  private static final List<Manifest.MemorisationPoint> CURVE =
      List.of(point(1, 0.99), point(201, 0.985));
  private static final int DRAWS = 3;
  private static final long SEED = 40;

  @TempDir Path folder;

  private CertaintyCheck open(List<Manifest.MemorisationPoint> curve) {
    try (ModelBundle bundle = GuardedModels.open(folder, TINY, curve)) {
      return CertaintyCheck.open(bundle, ResolvedDevice.of(Device.cpu()), DRAWS, SEED);
    }
  }

  private static List<FloatImage> pictures(int first, int count) {
    return IntStream.range(first, first + count).mapToObj(GuardedModels::picture).toList();
  }

  /** The score computed here in double from the model's written-down logits. */
  private static double expected(FloatImage image, int t) {
    double abar = GuardedModels.manifest(TINY, CURVE).schedule().create().alphasCumprod(t);
    float[] x = image.values();
    double sum = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      float[] z = new float[x.length];
      RandomMode.JAVA.open(SEED + draw).initial().fill(z, 0, z.length);
      double[] noised = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        noised[i] = Math.sqrt(abar) * x[i] + Math.sqrt(1 - abar) * z[i];
      }
      double[] logits = TINY.logits(noised, t);
      for (double logit : logits) {
        double p = 1 / (1 + Math.exp(-logit));
        sum += Math.log(Math.max(p, 1 - p)) / logits.length;
      }
    }
    return sum / DRAWS;
  }

  @Test
  void scoresAreTheMeanLogarithmsOfTheCertainty() {
    try (CertaintyCheck check = open(CURVE)) {
      assertEquals(List.of(1, 201), check.timesteps());
      List<FloatImage> images = pictures(0, 5);
      List<GuardVerdict> verdicts = check.check(images);
      for (int i = 0; i < 5; i++) {
        GuardVerdict.Recognition recognition = verdicts.get(i).recognition().orElseThrow();
        double low = expected(images.get(i), 1);
        double high = expected(images.get(i), 201);
        assertEquals(low, recognition.levels().get(0), 1e-5);
        assertEquals(high, recognition.levels().get(1), 1e-5);
        assertEquals(-Math.sqrt(low * high), recognition.score(), 1e-5);
      }
    }
  }

  @Test
  void aVerdictDependsOnItsImageAlone() {
    try (CertaintyCheck check = open(CURVE)) {
      List<GuardVerdict> together = check.check(pictures(0, 6));
      assertEquals(together.get(4), check.check(List.of(picture(4))).get(0));
    }
  }

  @Test
  void flagsNoMoreHeldOutImagesThanAsked() {
    try (CertaintyCheck check = open(CURVE)) {
      assertTrue(check.limit().falseAlarms().isEmpty());
      List<FloatImage> heldOut = pictures(0, 199);
      CertaintyCheck.Limit limit = check.calibrate(heldOut, 0.05);
      assertEquals(limit, check.limit());
      assertEquals(0.05, limit.falseAlarms().getAsDouble(), 1e-12);
      assertEquals(199, limit.heldOut());
      List<GuardVerdict> verdicts = check.check(heldOut);
      assertEquals(9, verdicts.stream().filter(verdict -> !verdict.passes()).count());
      for (GuardVerdict verdict : verdicts) {
        boolean above = verdict.recognition().orElseThrow().score() > limit.score();
        assertEquals(!above, verdict.passes());
      }
      assertThrows(IllegalArgumentException.class, () -> check.calibrate(pictures(0, 18), 0.05));
      assertEquals(limit, check.limit());
    }
  }

  /** Ranks worked out by hand. */
  @Test
  void theLimitIsAnOrderStatistic() {
    double[] scores = {-3, -1, -2, -4};
    assertEquals(-1, CertaintyCheck.Limit.of(scores, 0.2).score());
    assertEquals(-2, CertaintyCheck.Limit.of(scores, 0.4).score());
    assertEquals(-2, CertaintyCheck.Limit.of(scores, 0.59).score());
    assertEquals(0.4, CertaintyCheck.Limit.of(scores, 0.59).falseAlarms().getAsDouble(), 1e-12);
    assertFalse(CertaintyCheck.Limit.of(scores, 0.2).recognises(-1));
    assertTrue(CertaintyCheck.Limit.of(scores, 0.2).recognises(-0.9));
    String message =
        assertThrows(IllegalArgumentException.class, () -> CertaintyCheck.Limit.of(scores, 0.19))
            .getMessage();
    assertTrue(message.contains("at least 5"), message);
    assertThrows(IllegalArgumentException.class, () -> CertaintyCheck.Limit.of(scores, 0));
    assertThrows(IllegalArgumentException.class, () -> CertaintyCheck.Limit.of(scores, Double.NaN));
  }

  @Test
  void takesTheLevelsAtWhichTheCurveSeparates() {
    List<Manifest.MemorisationPoint> curve = new ArrayList<>();
    double[] areas = {0.985, 0.99, 0.985, 0.94, 0.981, 0.985, 0.5};
    for (int i = 0; i < areas.length; i++) {
      curve.add(point(1 + 100 * i, areas[i]));
    }
    assertEquals(List.of(1, 101, 201, 401), levels(curve));
    assertEquals(List.of(1), levels(List.of(point(1, 0.61), point(5, 0.55))));
    Manifest.MemorisationPoint unmeasured = new Manifest.MemorisationPoint(7, 0.995, 0.99, null);
    assertEquals(
        List.of(7), levels(List.of(unmeasured, new Manifest.MemorisationPoint(9, 0.9, 0.9, null))));
    assertThrows(IllegalArgumentException.class, () -> levels(List.of(point(1, 0.55))));
    assertThrows(IllegalArgumentException.class, () -> levels(List.of()));
  }

  private static List<Integer> levels(List<Manifest.MemorisationPoint> curve) {
    return CertaintyCheck.GuardLevels.of(GuardedModels.manifest(TINY, curve)).stream()
        .map(Manifest.MemorisationPoint::t)
        .toList();
  }

  /** Uncertainty .0004 on training images, .04 on others: half way is .004. */
  @Test
  void withoutHeldOutImagesTheLimitIsHalfWay() {
    try (CertaintyCheck check = open(CURVE)) {
      assertEquals(-0.004, check.limit().score(), 1e-9);
    }
  }

  @Test
  void refusesOtherShapes() {
    try (CertaintyCheck check = open(CURVE)) {
      FloatImage other = FloatImage.copyOf(new ImageShape(1, 2, 2), new float[4], 0);
      assertThrows(IllegalArgumentException.class, () -> check.check(List.of(other)));
    }
    assertThrows(IllegalArgumentException.class, () -> open(List.of()));
  }
}
