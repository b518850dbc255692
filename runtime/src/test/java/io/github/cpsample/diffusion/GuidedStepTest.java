package io.github.cpsample.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How guidance enters a step: golden/metrics.json, guidance_step, and equivalences. */
class GuidedStepTest {
  private static final int SIZE = 768;
  private static final int[] PROBED = {0, 1, 100, 383, 500, 767};
  private static final JsonObject GOLDEN =
      Golden.read("metrics.json").getAsJsonObject("guidance_step");

  /** x=dummy, t=500, prev=499, eps=0.3x, g=0.05(1-x). */
  private static SamplerState setup() {
    SamplerState state = new SamplerState(SIZE);
    float[] x = Golden.sample();
    for (int i = 0; i < SIZE; i++) {
      state.x()[i] = x[i];
      state.prediction()[i] = 0.3f * x[i];
      state.guidance()[i] = 0.05f * (1 - x[i]);
    }
    return state;
  }

  private static SamplerStep at500(SamplerConfig config) {
    return config.create(Schedules.linear(), PredictionType.EPSILON).steps().get(499);
  }

  private static float[] advance(SamplerStep step, SamplerState state, boolean guided) {
    step.advance(state, guided);
    return state.x();
  }

  private static void assertGolden(String prefix, float[] x) {
    JsonObject golden =
        GOLDEN.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(prefix))
            .findFirst()
            .orElseThrow()
            .getValue()
            .getAsJsonObject();
    double sum = 0;
    for (float value : x) {
      sum += Math.abs((double) value);
    }
    Golden.assertNear(golden.get("abs_sum"), sum, 1e-6 * sum);
    JsonArray probe = golden.getAsJsonArray("probe");
    for (int i = 0; i < PROBED.length; i++) {
      Golden.assertNear(probe.get(i), x[PROBED[i]], 1e-6);
    }
  }

  @Test
  void ddpmShiftsTheMean() {
    SamplerState state = setup();
    SamplerStep step = at500(DdpmConfig.of(1000));
    assertTrue(step.usesNoise());
    assertEquals(500, step.timestep());
    assertGolden("ddpm_condition_mean", advance(step, state, true));
    double variance =
        DdpmConfig.Variance.FIXED_SMALL.of(
            Schedules.linear().alphasCumprod(500), Schedules.linear().alphasCumprod(499));
    Golden.assertNear(GOLDEN.get("var"), variance, 1e-6);
  }

  @Test
  void ddimShiftsTheScoreAfterClipping() {
    for (DdimConfig.Clipping clipping :
        List.of(DdimConfig.Clipping.SAMPLE, DdimConfig.Clipping.SAMPLE_AND_EPSILON)) {
      SamplerStep step = at500(DdimConfig.of(1000, 0).withClipping(clipping));
      assertGolden("ddim_condition_score", advance(step, setup(), true));
    }
  }

  @Test
  void ddimShiftsTheScoreWithoutClipping() {
    SamplerStep step = at500(DdimConfig.of(1000, 0).withClipping(DdimConfig.Clipping.NONE));
    assertGolden("ddim_score_no_clip", advance(step, setup(), true));
  }

  /** At the ends of the learned range lie the fixed variances, of mean and of noise alike. */
  @Test
  void learnedVariancesLieBetweenTheFixedOnes() {
    float[] least = ddpm(DdpmConfig.Variance.FIXED_SMALL, 0);
    float[] most = ddpm(DdpmConfig.Variance.FIXED_LARGE, 0);
    assertArrayEquals(least, ddpm(DdpmConfig.Variance.LEARNED_RANGE, -1), 1e-6f);
    assertArrayEquals(most, ddpm(DdpmConfig.Variance.LEARNED_RANGE, 1), 1e-6f);
    double beta = 1 - Schedules.linear().alphasCumprod(500) / Schedules.linear().alphasCumprod(490);
    assertArrayEquals(most, ddpm(DdpmConfig.Variance.LEARNED, beta), 1e-6f);
    float[] between = ddpm(DdpmConfig.Variance.LEARNED_RANGE, 0);
    assertTrue(Math.abs(most[3] - least[3]) > 1e-5);
    assertTrue((between[3] - least[3]) * (most[3] - between[3]) > 0);
  }

  private static float[] ddpm(DdpmConfig.Variance variance, double output) {
    Sampler sampler =
        new DdpmConfig(DdpmConfig.Timesteps.of(100), variance, false)
            .create(Schedules.linear(), PredictionType.EPSILON);
    SamplerStep step =
        sampler.steps().stream().filter(s -> s.timestep() == 500).findFirst().orElseThrow();
    SamplerState state = new SamplerState(16, sampler.memory());
    for (int i = 0; i < 16; i++) {
      state.x()[i] = i / 8f - 1;
      state.prediction()[i] = 0.3f;
      state.guidance()[i] = 0.2f;
      state.noise()[i] = 2;
    }
    Arrays.fill(state.variance(), (float) output);
    return advance(step, state, true);
  }

  /** A prediction shifted in its own parametrisation moves x as a guided step does. */
  @ParameterizedTest
  @EnumSource(PredictionType.class)
  void everyParametrisationIsShiftedAlike(PredictionType type) {
    for (int steps : new int[] {1, 10, 50}) {
      Sampler sampler =
          DdimConfig.of(steps, 0.7)
              .withSpacing(TimestepSpacing.TRAILING, 0)
              .withClipping(DdimConfig.Clipping.NONE)
              .create(Schedules.linear(), type);
      for (SamplerStep step : sampler.steps()) {
        SamplerState guided = random(type, step.alphasCumprod());
        SamplerState shifted = random(type, step.alphasCumprod());
        NoiseLevel level = step.level();
        for (int i = 0; i < shifted.size(); i++) {
          double g = shifted.guidance()[i];
          double prediction = shifted.prediction()[i];
          shifted.prediction()[i] =
              (float)
                  switch (type) {
                    case EPSILON -> prediction + level.guidanceInEpsilon() * g;
                    case SAMPLE -> prediction + level.guidanceInSample() * g;
                    case V_PREDICTION -> prediction + level.guidanceInVelocity() * g;
                  };
        }
        step.advance(guided, true);
        step.advance(shifted, false);
        double tolerance = 1e-5 / Math.sqrt(step.alphasCumprod());
        assertArrayEquals(shifted.x(), guided.x(), (float) tolerance);
      }
    }
  }

  private static SamplerState random(PredictionType type, double abar) {
    Random random = new Random(9);
    SamplerState state = new SamplerState(32);
    for (int i = 0; i < 32; i++) {
      double sample = random.nextDouble() * 2 - 1;
      double epsilon = random.nextGaussian();
      state.x()[i] = (float) (Math.sqrt(abar) * sample + Math.sqrt(1 - abar) * epsilon);
      state.prediction()[i] = (float) type.ofParts(sample, epsilon, NoiseLevel.of(0, abar));
      state.guidance()[i] = (float) (0.1 * random.nextGaussian());
      state.noise()[i] = (float) random.nextGaussian();
    }
    return state;
  }

  /** The shifts of x_0, epsilon and v satisfy the relations between x_0, epsilon and v. */
  @Test
  void theShiftsAreConsistent() {
    for (double abar : new double[] {0.9999, 0.7, 0.1, 4e-5}) {
      NoiseLevel level = NoiseLevel.of(0, abar);
      double sample = 0.4;
      double epsilon = -1.3;
      double g = 0.21;
      double x = Math.sqrt(abar) * sample + Math.sqrt(1 - abar) * epsilon;
      double shifted = sample + level.guidanceInSample() * g;
      double noise = epsilon + level.guidanceInEpsilon() * g;
      assertEquals(x, Math.sqrt(abar) * shifted + Math.sqrt(1 - abar) * noise, 1e-12);
      double velocity = Math.sqrt(abar) * epsilon - Math.sqrt(1 - abar) * sample;
      double expected = Math.sqrt(abar) * noise - Math.sqrt(1 - abar) * shifted;
      assertEquals(expected, velocity + level.guidanceInVelocity() * g, 1e-12 / Math.sqrt(abar));
    }
    assertThrows(IllegalArgumentException.class, () -> NoiseLevel.of(0, -0.1));
    assertThrows(IllegalArgumentException.class, () -> NoiseLevel.of(0, Double.NaN));
  }

  @Test
  void zeroGuidanceChangesNothing() {
    List<SamplerConfig> configs =
        List.of(
            DdimConfig.of(1000, 0.5).withClipping(DdimConfig.Clipping.NONE),
            DdimConfig.of(1000, 0.5).withClipping(DdimConfig.Clipping.SAMPLE_AND_EPSILON),
            DdpmConfig.of(1000));
    for (SamplerConfig config : configs) {
      SamplerState plain = setup();
      SamplerState guided = setup();
      Arrays.fill(guided.guidance(), 0f);
      SamplerStep step = at500(config);
      assertArrayEquals(advance(step, plain, false), advance(step, guided, true));
    }
  }

  /** DDIM at eta = 1 without clipping is DDPM with the posterior variance. */
  @Test
  void ddimWithEtaOneIsDdpm() {
    SamplerStep ddim = at500(DdimConfig.of(1000, 1).withClipping(DdimConfig.Clipping.NONE));
    SamplerStep ddpm =
        at500(
            new DdpmConfig(DdpmConfig.Timesteps.of(1000), DdpmConfig.Variance.FIXED_SMALL, false));
    SamplerState a = setup();
    SamplerState b = setup();
    for (int i = 0; i < SIZE; i++) {
      a.noise()[i] = b.noise()[i] = (float) Math.sin(i);
    }
    assertArrayEquals(advance(ddim, a, false), advance(ddpm, b, false), 1e-6f);
  }

  /** Inversion of a denoiser that always predicts the same noise comes back to the image. */
  @Test
  void inversionIsUndoneByDdim() {
    SamplerState state = new SamplerState(1);
    state.x()[0] = 0.3f;
    state.prediction()[0] = 0.8f;
    state.guidance()[0] = 0;
    Sampler up =
        new DdimInversionConfig(10, 0, true, DdimConfig.Clipping.NONE)
            .create(Schedules.linear(), PredictionType.EPSILON);
    Sampler down =
        DdimConfig.of(10, 0)
            .withClipping(DdimConfig.Clipping.NONE)
            .create(Schedules.linear(), PredictionType.EPSILON);
    up.steps().forEach(step -> step.advance(state, true));
    assertTrue(Math.abs(state.x()[0] - 0.3f) > 0.1);
    down.steps().forEach(step -> step.advance(state, false));
    assertEquals(0.3f, state.x()[0], 1e-4);
    DdimInversionConfig clean = new DdimInversionConfig(10, 0, true, DdimConfig.Clipping.NONE);
    assertThrows(
        IllegalArgumentException.class,
        () -> clean.create(Schedules.linear(), PredictionType.SAMPLE));
  }
}
