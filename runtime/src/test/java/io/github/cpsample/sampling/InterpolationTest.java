package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.diffusion.SamplerKind;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InterpolationTest {
  private static final TinyModel MODEL = new TinyModel(8, 4);
  private static ProtectedSampler sampler;

  @BeforeAll
  static void open(@TempDir Path folder) {
    sampler = TinyBundles.sampler(folder, MODEL);
  }

  @AfterAll
  static void close() {
    sampler.close();
  }

  private static SampleResult sample(SampleRequest request) {
    return sampler.sample(request, Progress.none());
  }

  private static SampleRequest request(int count, SamplerKind kind) {
    return SampleRequest.of(count)
        .withSampler(kind)
        .withEta(0)
        .withSteps(8)
        .withAlpha(0.4)
        .withScale(3)
        .withSeed(7);
  }

  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void goesFromOneSeedToTheOther(SamplerKind kind) {
    SampleResult between = sample(request(5, kind).withInterpolation(20).withBatchSize(2));
    float[] first = sample(request(1, kind)).image(0).values();
    assertArrayEquals(first, between.image(0).values());
    boolean addsNoise = kind == SamplerKind.DDPM || kind == SamplerKind.EULER_ANCESTRAL;
    float[] last = sample(request(1, kind).withSeed(20)).image(0).values();
    if (addsNoise) {
      assertFalse(Arrays.equals(last, between.image(4).values()), "the steps' noise is seed 7's");
    } else {
      assertArrayEquals(last, between.image(4).values(), 1e-3f);
    }
    assertTrue(between.totals().gradientRows() > 0, "guarded as ever");
    between.reports().forEach(report -> assertEquals(7, report.seed()));
    assertEquals(20, between.settings().shown().origin().interpolation().orElseThrow().lastSeed());
    SampleResult whole = sample(request(5, kind).withInterpolation(20));
    for (int i = 0; i < 5; i++) {
      assertArrayEquals(whole.image(i).values(), between.image(i).values(), kind + " " + i);
    }
  }

  /** Two seeds, two noises, a third of the angle: against the formulas in plain Java. */
  @Test
  void theNoiseBetweenIsTheSphericalMix() {
    double[] a = noise(7);
    double[] b = noise(20);
    double product = 0;
    double lengths = 0;
    double lengthsOfB = 0;
    for (int k = 0; k < 16; k++) {
      product += a[k] * b[k];
      lengths += a[k] * a[k];
      lengthsOfB += b[k] * b[k];
    }
    double angle = Math.acos(product / Math.sqrt(lengths) / Math.sqrt(lengthsOfB));
    double[] mixed = new double[16];
    for (int k = 0; k < 16; k++) {
      mixed[k] = (Math.sin(angle * 2 / 3) * a[k] + Math.sin(angle / 3) * b[k]) / Math.sin(angle);
    }
    SampleRequest request = SampleRequest.of(4).withSteps(100).withSeed(7).withProtection(false);
    float[] found = sample(request.withInterpolation(20)).image(1).values();
    assertArrayEquals(ddim(mixed, 100), found, 1e-3f);
  }

  private static float[] ddim(double[] start, int steps) {
    double[] x = start;
    for (int step = 0; step < steps; step++) {
      int t = (steps - 1 - step) * (1000 / steps);
      double abar = alphasCumprod(t);
      double next = step == steps - 1 ? 1 : alphasCumprod(t - 1000 / steps);
      for (int k = 0; k < x.length; k++) {
        double raw =
            (x[k] - Math.sqrt(1 - abar) * TinyModel.prediction(x[k], t, 0)) / Math.sqrt(abar);
        double image = Math.max(-1, Math.min(1, raw));
        double epsilon = (x[k] - Math.sqrt(abar) * image) / Math.sqrt(1 - abar);
        x[k] = Math.sqrt(next) * image + Math.sqrt(1 - next) * epsilon;
      }
    }
    float[] result = new float[x.length];
    for (int k = 0; k < x.length; k++) {
      result[k] = (float) x[k];
    }
    return result;
  }

  private static double alphasCumprod(int t) {
    double product = 1;
    for (int i = 0; i <= t; i++) {
      product *= 1 - (1e-4 + (0.02 - 1e-4) * i / 999);
    }
    return product;
  }

  private static double[] noise(long seed) {
    float[] drawn = new float[16];
    RandomMode.JAVA.open(seed).initial().fill(drawn, 0, 16);
    double[] values = new double[16];
    for (int k = 0; k < 16; k++) {
      values[k] = drawn[k];
    }
    return values;
  }

  @Test
  void oneImageIsRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> sample(SampleRequest.of(1).withInterpolation(5)));
    assertEquals("interpolation: expected a count of at least 2 images, found 1", e.getMessage());
  }
}
