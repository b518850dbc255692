package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.protection.Force;
import io.github.cpsample.protection.Gate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtectedSamplerTest {
  private static final TinyModel MODEL = new TinyModel(8, 4);
  private static final SessionSettings ONE_THREAD =
      new SessionSettings(1, SessionSettings.Optimization.ALL);
  private static ProtectedSampler sampler;

  @BeforeAll
  static void open(@TempDir Path folder) {
    MODEL.bundle(0).toDirectory(folder.resolve("bundle"));
    try (ModelBundle bundle = ModelBundle.open(folder.resolve("bundle"))) {
      sampler = ProtectedSampler.open(bundle, Device.cpu(), ONE_THREAD);
    }
  }

  @AfterAll
  static void close() {
    sampler.close();
  }

  private static SampleResult sample(SampleRequest request) {
    return sampler.sample(request, Progress.none());
  }

  /** The whole trajectory against the same formulas in plain Java with the analytic gradient. */
  @ParameterizedTest
  @CsvSource({
    "10, 0,   0.15, 3,  0,   999",
    "10, 0,   0.5,  2,  0,   999",
    "25, 0,   0.12, 10, 200, 640",
    "10, 0.7, 0.15, 3,  0,   999",
    "7,  1,   0.2,  1,  100, 999",
  })
  void followsTheFormulas(int steps, double eta, double alpha, double scale, int first, int last) {
    SampleRequest request =
        SampleRequest.of(9)
            .withSteps(steps)
            .withEta(eta)
            .withAlpha(alpha)
            .withScale(scale)
            .withGuardedTimesteps(first, last)
            .withSeed(40)
            .withBatchSize(4);
    SampleResult result = sample(request);
    int guarded = 0;
    for (int i = 0; i < 9; i++) {
      ReferenceSampler reference =
          new ReferenceSampler(MODEL, steps, eta, alpha, scale, first, last).run(40 + i, 0);
      assertTrue(
          alpha == 0.5 || reference.closestToGate() > 1e-5,
          "choose a seed away from the gate's threshold");
      float[] values = result.image(i).values();
      for (int k = 0; k < values.length; k++) {
        double expected = reference.image()[k];
        double found = values[k];
        assertTrue(
            Math.abs(expected - found) <= 1e-4 + 1e-4 * Math.abs(expected),
            "image " + i + ", value " + k + ": expected " + expected + ", found " + found);
      }
      assertEquals(reference.guardedSteps(), result.report(i).guardedSteps(), "image " + i);
      assertEquals(40 + i, result.report(i).seed());
      assertEquals(steps, result.report(i).steps());
      guarded += reference.guardedSteps();
    }
    assertTrue(guarded > 0, "a test of protection needs guarded steps");
    assertEquals(guarded, result.totals().gradientRows());
    assertEquals(3L * steps, result.totals().denoiserCalls());
  }

  @Test
  void unprotectedNeverAsksTheClassifier() {
    SampleResult result =
        sample(
            SampleRequest.of(3)
                .withSteps(10)
                .withSeed(1)
                .withProtection(false)
                .withCertaintyTrace(true));
    ReferenceSampler reference = new ReferenceSampler(MODEL, 10, 0, 0.1, 0, 2000, 2000).run(1, 0);
    float[] values = result.image(0).values();
    for (int k = 0; k < values.length; k++) {
      assertEquals(reference.image()[k], values[k], 1e-4);
    }
    assertEquals(0, result.totals().classifierRows());
    assertEquals(0, result.totals().gradientRows());
    assertEquals(0, result.report(0).guardedSteps());
    assertTrue(result.report(0).certaintyTrace().isEmpty());
  }

  @Test
  void asksTheClassifierOnlyInTheGuardedRange() {
    SampleResult result =
        sample(
            SampleRequest.of(5)
                .withSteps(10)
                .withGuardedTimesteps(300, 500)
                .withBatchSize(2)
                .withCertaintyTrace(true));
    assertEquals(5 * 3, result.totals().classifierRows(), "timesteps 300, 400, 500");
    for (ImageReport report : result.reports()) {
      List<Double> trace = report.certaintyTrace().orElseThrow();
      assertEquals(3, trace.size());
      trace.forEach(certainty -> assertTrue(certainty >= 0.5 && certainty <= 1, trace.toString()));
    }
    assertEquals(
        0,
        sample(SampleRequest.of(1).withSteps(10).withGuardedTimesteps(301, 399))
            .totals()
            .classifierRows());
  }

  @Test
  void certaintyIsRecordedOnRequestOnly() {
    assertTrue(sample(SampleRequest.of(1)).report(0).certaintyTrace().isEmpty());
  }

  @Test
  void halfGuardsAlwaysAndForcesDiffer() {
    SampleRequest request =
        SampleRequest.of(4).withSteps(10).withAlpha(0.5).withScale(5).withSeed(3);
    SampleResult opposite = sample(request);
    SampleResult own = sample(request.withForce(Force.named("own-label")));
    assertEquals(40, opposite.totals().gradientRows());
    assertEquals(4, opposite.totals().imagesGuarded());
    assertFalse(java.util.Arrays.equals(opposite.image(0).values(), own.image(0).values()));
  }

  /**
   * ONNX Runtime's CPU kernels give these graphs the same bits row by row, so images are equal bit
   * by bit.
   */
  @ParameterizedTest
  @CsvSource({"DDIM, 0", "DDIM, 0.5", "DDPM, 0"})
  void imagesDoNotDependOnTheirBatch(SamplerKind kind, double eta) {
    SampleRequest request =
        SampleRequest.of(7)
            .withSteps(20)
            .withSampler(kind)
            .withEta(eta)
            .withAlpha(0.15)
            .withScale(3)
            .withSeed(11);
    SampleResult whole = sample(request);
    for (int batchSize : new int[] {1, 2, 3, 5}) {
      SampleResult parts = sample(request.withBatchSize(batchSize));
      for (int i = 0; i < 7; i++) {
        assertArrayEquals(
            whole.image(i).values(),
            parts.image(i).values(),
            "batch size " + batchSize + ", image " + i);
        assertEquals(whole.report(i), parts.report(i));
      }
    }
    SampleResult later = sample(request.withSeed(14));
    assertArrayEquals(whole.image(3).values(), later.image(0).values());
  }

  @Test
  void sourcesOfNoiseDiffer() {
    SampleRequest request = SampleRequest.of(1).withSteps(5);
    assertFalse(
        java.util.Arrays.equals(
            sample(request).image(0).values(),
            sample(request.withNoise(RandomMode.TORCH)).image(0).values()));
  }

  @Test
  void threadsShareTheNetworks() throws Exception {
    SampleRequest request =
        SampleRequest.of(6).withSteps(20).withAlpha(0.15).withScale(3).withBatchSize(4);
    List<SampleResult> expected = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      expected.add(sample(request.withSeed(100L * i)));
    }
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<SampleResult>> found = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        SampleRequest mine = request.withSeed(100L * i);
        found.add(pool.submit(() -> sample(mine)));
      }
      for (int i = 0; i < 8; i++) {
        for (int k = 0; k < 6; k++) {
          assertArrayEquals(
              expected.get(i).image(k).values(), found.get(i).get().image(k).values());
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void tellsProgressAndObeysCancellation() {
    List<Integer> seen = new ArrayList<>();
    sampler.sample(
        SampleRequest.of(5).withSteps(4).withBatchSize(2),
        (done, total) -> {
          assertEquals(12, total);
          seen.add(done);
        });
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), seen);

    AtomicInteger last = new AtomicInteger();
    Progress cancelling =
        new Progress() {
          @Override
          public void onStep(int done, int total) {
            last.set(done);
          }

          @Override
          public boolean isCancelled() {
            return last.get() == 3;
          }
        };
    CancellationException e =
        assertThrows(
            CancellationException.class,
            () -> sampler.sample(SampleRequest.of(1).withSteps(50), cancelling));
    assertEquals("cancelled after 3 of 50 steps", e.getMessage());
    assertEquals(3, last.get());
    Thread.currentThread().interrupt();
    assertThrows(CancellationException.class, () -> sample(SampleRequest.of(1)));
    assertTrue(Thread.interrupted(), "the interrupt stays visible");
  }

  @Test
  void refusesWhatTheModelCannotDo() {
    assertRefused("steps: expected at most 1000", SampleRequest.of(1).withSteps(1001));
    assertRefused("classLabel: expected none", SampleRequest.of(1).withClassLabel(0));
    assertRefused("gate paper", SampleRequest.of(1).withGate(Gate.named("paper")));
    assertThrows(IllegalArgumentException.class, () -> SampleRequest.of(0));
    assertThrows(IllegalArgumentException.class, () -> SampleRequest.of(1).withAlpha(0.6));
    assertThrows(IllegalArgumentException.class, () -> SampleRequest.of(1).withAlpha(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> SampleRequest.of(1).withScale(-1));
    assertThrows(IllegalArgumentException.class, () -> SampleRequest.of(1).withEta(2));
  }

  private static void assertRefused(String message, SampleRequest request) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> sample(request));
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }

  @Test
  void settingsSayWhatWasDone() {
    SampleSettings settings = sample(SampleRequest.of(2).withScale(7).withSeed(5)).settings();
    assertEquals(10, settings.trajectory().steps());
    assertEquals(SamplerKind.DDIM, settings.trajectory().sampler());
    assertEquals(0.05, settings.guarding().protection().alpha());
    assertEquals(7, settings.guarding().protection().scale());
    assertEquals(2, settings.images().batchSize(), "no larger than the request");
  }
}
