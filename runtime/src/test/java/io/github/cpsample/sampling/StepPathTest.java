package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.inference.Device;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.Correction.Kind;
import io.github.cpsample.protection.Force;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.protection.Thresholds;
import io.github.cpsample.protection.Thresholds.Level;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A step as one graph against a step of separate runs, which is tested against formulas. */
class StepPathTest {
  private static final float TOLERANCE = 1e-4f;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "DDIM, 20, 0,   EPSILON,      true,  code,  opposite-label, 8, 0.15, 0,   999",
    "DDIM, 20, 0.5, EPSILON,      false, code,  own-label,      8, 0.15, 0,   999",
    "DDIM, 20, 1,   V_PREDICTION, true,  paper, opposite-label, 1, 0.15, 200, 640",
    "DDIM, 20, 0,   SAMPLE,       false, paper, own-label,      1, 0.3,  0,   999",
    "DDPM, 20, 0,   EPSILON,      true,  code,  opposite-label, 8, 0.15, 0,   999",
    "DDPM, 20, 0,   V_PREDICTION, false, code,  opposite-label, 8, 0.5,  0,   999",
    "DDPM, 20, 0,   SAMPLE,       true,  paper, own-label,      1, 0.15, 100, 999",
    "DDIM, 1,  0,   EPSILON,      true,  code,  opposite-label, 8, 0.5,  0,   999",
    "DPMSOLVER_PP_2M, 20, 0, V_PREDICTION, true, code, opposite-label, 8, 0.15, 0, 999",
    "DPMSOLVER_PP_3M, 20, 0, SAMPLE, false, code, opposite-label, 8, 0.15, 0, 999",
    "DPMSOLVER_PP_2S, 20, 0, EPSILON, true, code, opposite-label, 8, 0.15, 0, 999",
    "DPMSOLVER, 20, 0, V_PREDICTION, false, code, opposite-label, 8, 0.15, 0, 999",
    "DEIS, 20, 0, SAMPLE, true, code, opposite-label, 8, 0.15, 0, 999",
    "UNIPC, 20, 0, EPSILON, false, code, opposite-label, 8, 0.15, 0, 999",
    "EULER, 20, 0, V_PREDICTION, true, code, opposite-label, 8, 0.15, 0, 999",
    "EULER_ANCESTRAL, 20, 0, SAMPLE, false, code, opposite-label, 8, 0.15, 0, 999",
    "HEUN, 20, 0, EPSILON, true, code, opposite-label, 8, 0.15, 0, 999",
    "LMS, 20, 0, V_PREDICTION, false, code, opposite-label, 8, 0.15, 0, 999",
    "PNDM, 20, 0, SAMPLE, true, code, opposite-label, 8, 0.15, 0, 999",
    "PNDM_DIFFUSERS, 20, 0, EPSILON, false, code, opposite-label, 8, 0.15, 0, 999",
  })
  void bothMakeTheSameImages(
      SamplerKind kind,
      int steps,
      double eta,
      PredictionType type,
      boolean clip,
      String gate,
      String force,
      int bits,
      double alpha,
      int first,
      int last) {
    double scale = force.equals("own-label") ? 1 : 3;
    ProtectionSettings protection = ProtectionSettings.of(gate, force, alpha, scale, first, last);
    try (ModelBundle bundle =
            TinyBundles.open(folder, new TinyModel(bits, 4), 0, type, clip, protection);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      SampleRequest request =
          SampleRequest.of(7)
              .withBatchSize(4)
              .withSampler(kind)
              .withSteps(steps)
              .withEta(eta)
              .withSeed(3);
      int guarded = assertSame(sampler, request);
      assertTrue(guarded > 0, "a test of protection needs guarded steps");
      assertEquals(0, assertSame(sampler, request.withProtection(false)));
      assertSame(sampler, request.withAlpha(0.3).withScale(1));
    }
  }

  /**
   * Rows that go back, by every kind of correction that a graph can compute. A push of x_0 is
   * {@code 1 / sqrt(abar)} times as long: at high noise, and with a large scale, it repeats
   * rounding as loudly.
   */
  @ParameterizedTest
  @EnumSource(PredictionType.class)
  void correctionsThatGoBackMakeTheSameImages(PredictionType type) {
    ProtectionSettings protection =
        ProtectionSettings.of("code", "opposite-label", 0.3, 0.5, 0, 500);
    Thresholds thresholds =
        new Thresholds(0.1, List.of(new Level(0, 0.2), new Level(500, 0.4), new Level(900, 0.1)));
    try (ModelBundle bundle =
            TinyBundles.open(folder, new TinyModel(8, 4), 0, type, true, protection);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      for (SamplerKind kind : SamplerKind.values()) {
        for (Kind correction : List.of(Kind.PUSH, Kind.HEAL, Kind.RESTART, Kind.HANDOVER)) {
          for (Subject subject : Subject.values()) {
            SampleRequest request =
                SampleRequest.of(5)
                    .withBatchSize(3)
                    .withSampler(kind)
                    .withSteps(20)
                    .withThresholds(thresholds)
                    .withAsks(subject)
                    .withCorrection(new Correction(correction, 70, 2, 1));
            assertTrue(assertSame(sampler, request) > 0, "nothing is guarded");
          }
        }
      }
    }
  }

  @Test
  void conditionalModelsReceiveTheirLabels() {
    try (ModelBundle bundle = TinyBundles.open(folder, 3, 0.15);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      for (int label = 0; label < 3; label++) {
        assertSame(sampler, SampleRequest.of(3).withSteps(10).withClassLabel(label));
      }
    }
  }

  @Test
  void whatCannotBeOneGraphIsRefusedOrRunSeparately() {
    try (ModelBundle bundle = TinyBundles.open(folder, 0, 0.15);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      Force other = Force.named("own-label");
      SampleRequest request = SampleRequest.of(1).withSteps(5);
      SampleRequest odd = request.withForce(other);
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  sampler.sample(odd.withPath(SampleRequest.StepPath.ONE_GRAPH), Progress.none()));
      assertTrue(e.getMessage().startsWith("path: expected steps that can be one graph"), "" + e);
      SampleRequest exit =
          request
              .withCorrection(Correction.PAPER.withKind(Kind.EXIT))
              .withPath(SampleRequest.StepPath.ONE_GRAPH);
      String found =
          assertThrows(IllegalArgumentException.class, () -> sampler.sample(exit, Progress.none()))
              .getMessage();
      assertTrue(found.contains("the correction exit"), found);
      SampleResult fastest = sampler.sample(odd, Progress.none());
      SampleResult separate =
          sampler.sample(odd.withPath(SampleRequest.StepPath.SEPARATE), Progress.none());
      assertArrayEquals(separate.image(0).values(), fastest.image(0).values());
    }
  }

  /** Returns the number of guarded steps. */
  private static int assertSame(ProtectedSampler sampler, SampleRequest request) {
    SampleRequest traced = request.withCertaintyTrace(true);
    SampleResult expected =
        sampler.sample(traced.withPath(SampleRequest.StepPath.SEPARATE), Progress.none());
    SampleResult found =
        sampler.sample(traced.withPath(SampleRequest.StepPath.ONE_GRAPH), Progress.none());
    int guarded = 0;
    for (int i = 0; i < expected.images().size(); i++) {
      assertArrayEquals(
          expected.image(i).values(), found.image(i).values(), TOLERANCE, "image " + i);
      assertEquals(expected.report(i).guardedSteps(), found.report(i).guardedSteps());
      assertEquals(expected.report(i).steps(), found.report(i).steps());
      assertEquals(expected.report(i).returns(), found.report(i).returns());
      assertEquals(expected.report(i).recognised(), found.report(i).recognised());
      List<Double> trace = expected.report(i).certaintyTrace().orElse(List.of());
      List<Double> other = found.report(i).certaintyTrace().orElse(List.of());
      assertEquals(trace.size(), other.size());
      for (int k = 0; k < trace.size(); k++) {
        assertEquals(trace.get(k), other.get(k), TOLERANCE, "certainty of image " + i);
      }
      guarded += expected.report(i).guardedSteps();
    }
    assertEquals(expected.totals().gradientRows(), found.totals().gradientRows());
    return guarded;
  }
}
