package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.inference.Device;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Subject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an observer sees, against the closed form of the networks. */
class StepObserverTest {
  private static final double TOLERANCE = 1e-4;
  private static final int COUNT = 5;
  private static final int BATCH = 3;
  private static final int STEPS = 8;
  private static final long SEED = 40;
  private static final int BITS = 8;
  private static final double SCALE = 3;
  private static final int FIRST = 100;
  private static final int LAST = 700;

  @TempDir private Path folder;
  private final TinyModel model = new TinyModel(BITS, 4);
  private ModelBundle bundle;
  private ProtectedSampler sampler;

  @BeforeEach
  void open() {
    open(PredictionType.EPSILON);
  }

  private void open(PredictionType type) {
    bundle =
        TinyBundles.open(
            folder,
            model,
            0,
            type,
            true,
            ProtectionSettings.of("code", "opposite-label", 0.15, SCALE, FIRST, LAST));
    sampler = ProtectedSampler.open(bundle, Device.cpu());
  }

  @AfterEach
  void close() {
    sampler.close();
    bundle.close();
  }

  /**
   * Rows that are sent back come to a place again; nothing is moved; x0 is what was asked about.
   */
  @Test
  void placesAndSubjectsOfRowsThatAreSentBack() {
    SampleRequest restarting =
        request()
            .withAsks(Subject.X_0)
            .withCorrection(new Correction(Correction.Kind.RESTART, 150, 2, 0));
    Map<Integer, Double> timesteps = new HashMap<>();
    int[] back = new int[COUNT];
    int[] last = new int[COUNT];
    Arrays.fill(last, -1);
    SampleResult result =
        sampler.sample(
            restarting,
            Progress.none(),
            step -> {
              for (int row = 0; row < step.rows(); row++) {
                int image = step.image(row);
                Double known = timesteps.put(step.place(row), step.timestep(row));
                assertTrue(known == null || known == step.timestep(row), "one level per place");
                back[image] += step.place(row) <= last[image] ? 1 : 0;
                last[image] = step.place(row);
                assertFalse(step.moved(row));
                assertGuidanceIsMissing(step, row);
                if (step.asked(row)) {
                  float[] seen = step.sample(row);
                  float[] subject = step.subject(row);
                  for (int i = 0; i < seen.length; i++) {
                    assertEquals(Math.max(-1, Math.min(1, seen[i])), subject[i], 1e-6f);
                  }
                }
              }
            });
    assertEquals(STEPS, timesteps.size());
    for (int i = 0; i < COUNT; i++) {
      assertEquals(result.report(i).returns(), back[i], "image " + i);
    }
    assertTrue(Arrays.stream(back).sum() > 0, "the test needs a way back");
  }

  private static void assertGuidanceIsMissing(ObservedStep step, int row) {
    assertThrows(IllegalStateException.class, () -> step.guidance(row));
  }

  private static SampleRequest request() {
    return SampleRequest.of(COUNT).withBatchSize(BATCH).withSteps(STEPS).withSeed(SEED);
  }

  @Test
  void theImagesAreTheSameWithAndWithout() {
    SampleResult alone = sampler.sample(request(), Progress.none());
    SampleResult seen = sampler.sample(request(), Progress.none(), step -> {});
    for (int i = 0; i < COUNT; i++) {
      assertArrayEquals(alone.image(i).values(), seen.image(i).values());
      assertEquals(alone.report(i), seen.report(i));
    }
  }

  @ParameterizedTest
  @EnumSource(PredictionType.class)
  void everyNumberIsThatOfTheNetworks(PredictionType type) {
    close();
    open(type);
    NoiseSchedule schedule = bundle.manifest().schedule().create();
    int[] guarded = new int[COUNT];
    int[] steps = {0};
    SampleResult result =
        sampler.sample(
            request(),
            Progress.none(),
            step -> {
              steps[0]++;
              for (int row = 0; row < step.rows(); row++) {
                double abar = schedule.alphasCumprod(step.timestep(row));
                assertEquals(abar, step.alphasCumprod(row), 1e-12);
                assertEquals(
                    step.timestep(row) >= FIRST && step.timestep(row) <= LAST, step.asked(row));
                assertDenoiser(step, row, type, abar);
                if (step.asked(row)) {
                  assertClassifier(step, row);
                }
                if (step.guarded(row)) {
                  guarded[step.image(row)]++;
                  assertGuidance(step, row);
                }
              }
            });
    assertEquals(2 * STEPS, steps[0]);
    assertTrue(result.totals().gradientRows() > 0, "a test of protection needs guarded steps");
    for (int i = 0; i < COUNT; i++) {
      assertEquals(result.report(i).guardedSteps(), guarded[i]);
    }
  }

  @Test
  void whatLeavesAStepEntersTheNextOneAndTheLastIsTheImage() {
    List<float[]> after = new ArrayList<>();
    List<float[]> before = new ArrayList<>();
    SampleResult result =
        sampler.sample(
            request().withBatchSize(1),
            Progress.none(),
            step -> {
              assertEquals(before.size() % STEPS, step.index(0));
              assertEquals(SEED + before.size() / STEPS, step.seed(0));
              before.add(step.before(0));
              after.add(step.after(0));
            });
    for (int image = 0; image < COUNT; image++) {
      int last = (image + 1) * STEPS - 1;
      assertArrayEquals(result.image(image).values(), after.get(last));
      for (int i = image * STEPS; i < last; i++) {
        assertArrayEquals(after.get(i), before.get(i + 1));
      }
    }
  }

  @Test
  void theCallsThatAreForetoldAreThoseThatAreSeen() {
    for (SamplerKind kind : List.of(SamplerKind.DDIM, SamplerKind.HEUN, SamplerKind.PNDM)) {
      SampleRequest one = request().withSampler(kind).withBatchSize(COUNT);
      int[] calls = {0};
      sampler.sample(one, Progress.none(), step -> calls[0]++);
      assertEquals(calls[0], sampler.denoiserCalls(one), kind.label());
    }
    assertEquals(2 * STEPS - 1, sampler.denoiserCalls(request().withSampler(SamplerKind.HEUN)));
  }

  @Test
  void withoutAnAnswerThereIsNoneToSee() {
    sampler.sample(
        request().withProtection(false),
        Progress.none(),
        step -> {
          assertFalse(step.asked(0));
          assertFalse(step.guarded(0));
          assertThrows(IllegalStateException.class, () -> step.certainty(0));
          assertThrows(IllegalStateException.class, () -> step.logits(0));
          assertThrows(IllegalStateException.class, () -> step.guidance(0));
          assertThrows(IndexOutOfBoundsException.class, () -> step.before(step.rows()));
        });
  }

  @Test
  void oneGraphIsRefusedAndItsOwnExceptionReachesTheCaller() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                sampler.sample(
                    request().withPath(SampleRequest.StepPath.ONE_GRAPH),
                    Progress.none(),
                    step -> {}));
    assertTrue(refused.getMessage().contains("an observer"), refused.getMessage());
    IllegalStateException thrown = new IllegalStateException("enough");
    assertSame(
        thrown,
        assertThrows(
            IllegalStateException.class,
            () ->
                sampler.sample(
                    request(),
                    Progress.none(),
                    step -> {
                      throw thrown;
                    })));
  }

  private static void assertDenoiser(ObservedStep step, int row, PredictionType type, double abar) {
    float[] x = step.before(row);
    float[] epsilon = step.epsilon(row);
    float[] sample = step.sample(row);
    double signal = Math.sqrt(abar);
    double spread = Math.sqrt(1 - abar);
    for (int i = 0; i < x.length; i++) {
      double output = TinyModel.prediction(x[i], step.timestep(row), 0);
      double noise =
          switch (type) {
            case EPSILON -> output;
            case SAMPLE -> (x[i] - signal * output) / spread;
            case V_PREDICTION -> signal * output + spread * x[i];
          };
      assertEquals(noise, epsilon[i], TOLERANCE * (1 + Math.abs(noise)));
      double clean = (x[i] - spread * noise) / signal;
      assertEquals(clean, sample[i], TOLERANCE * (1 + Math.abs(clean)));
    }
  }

  private void assertClassifier(ObservedStep step, int row) {
    double[] expected = model.logits(doubles(step.before(row)), step.timestep(row));
    double certainty = 0;
    for (int k = 0; k < BITS; k++) {
      assertEquals(expected[k], step.logits(row)[k], TOLERANCE * (1 + Math.abs(expected[k])));
      certainty += Math.log(1 / (1 + Math.exp(-Math.abs(expected[k])))) / BITS;
    }
    assertEquals(Math.exp(certainty), step.certainty(row), TOLERANCE);
  }

  /** s times the gradient of the mean over the bits of log p(1 - y*). */
  private void assertGuidance(ObservedStep step, int row) {
    double[] x = doubles(step.before(row));
    double[] cotangent = model.logits(x, step.timestep(row));
    for (int k = 0; k < BITS; k++) {
      double ofLabel = 1 / (1 + Math.exp(-Math.abs(cotangent[k])));
      cotangent[k] = -Math.signum(cotangent[k]) * ofLabel * SCALE / BITS;
    }
    double[] expected = model.gradient(x, step.timestep(row), cotangent);
    float[] found = step.guidance(row);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found[i], TOLERANCE * (1 + Math.abs(expected[i])));
    }
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
