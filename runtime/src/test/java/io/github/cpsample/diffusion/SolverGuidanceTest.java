package io.github.cpsample.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Guidance is the same shift of the score for every sampler, whatever the denoiser predicts. */
class SolverGuidanceTest {
  private static final int STEPS = 12;
  private static final int VALUES = 24;
  private static final double TOLERANCE = 2e-4;

  static Stream<String> names() {
    return Solvers.names(Solvers.all(STEPS)).stream();
  }

  /** How the guided score reaches the sampler. */
  private enum Form {
    /** By the guidance buffer. */
    BUFFER,
    /** Added to the predicted noise: {@code eps - sqrt(1 - abar) g}. */
    NOISE,
    /** Added to the denoised image of sigma space: {@code D + sigma^2 sqrt(abar) g}. */
    SIGMA_SPACE
  }

  /**
   * DDPM shifts its mean by variance times g, as guided diffusion does; that is the shift of the
   * score up to the difference between posterior variance and beta, so only the prediction types
   * are compared.
   */
  @ParameterizedTest
  @MethodSource("names")
  void theSameGuidedScoreMovesTheSampleAlike(String name) {
    SamplerConfig config = Solvers.all(STEPS).get(name);
    float[] expected = run(config, PredictionType.EPSILON, Form.BUFFER);
    for (PredictionType type : PredictionType.values()) {
      Form[] forms = name.equals("ddpm") ? new Form[] {Form.BUFFER} : Form.values();
      for (Form form : forms) {
        float[] found = run(config, type, form);
        for (int i = 0; i < VALUES; i++) {
          double size = Math.max(1, Math.abs(expected[i]));
          assertTrue(
              Math.abs(found[i] - expected[i]) <= TOLERANCE * size,
              name + " " + type + " " + form + ": " + found[i] + ", expected " + expected[i]);
        }
      }
    }
  }

  private static float[] run(SamplerConfig config, PredictionType type, Form form) {
    Sampler sampler = config.create(Schedules.linear(), type);
    SamplerState state = new SamplerState(VALUES, sampler.memory());
    Random random = new Random(5);
    for (int i = 0; i < VALUES; i++) {
      state.x()[i] = (float) random.nextGaussian();
    }
    sampler.begin(state);
    for (SamplerStep step : sampler.steps()) {
      double abar = step.alphasCumprod();
      double sigma = Math.sqrt((1 - abar) / abar);
      for (int i = 0; i < VALUES; i++) {
        double x = state.x()[i];
        double sample = 0.5 * Math.sin(x + step.timestep() / 300);
        double g = 0.3 * Math.sqrt(abar) * Math.cos(3 * x);
        if (form == Form.SIGMA_SPACE) {
          sample += sigma * sigma * Math.sqrt(abar) * g;
        }
        double noise = (x - Math.sqrt(abar) * sample) / Math.sqrt(1 - abar);
        if (form == Form.NOISE) {
          noise -= Math.sqrt(1 - abar) * g;
          sample = (x - Math.sqrt(1 - abar) * noise) / Math.sqrt(abar);
        }
        state.prediction()[i] = (float) type.ofParts(sample, noise, NoiseLevel.of(0, abar));
        state.guidance()[i] = (float) g;
        state.noise()[i] = (float) random.nextGaussian();
      }
      step.advance(state, form == Form.BUFFER);
    }
    return state.x();
  }

  /** A trajectory may begin at every step that says so, and at no other. */
  @ParameterizedTest
  @MethodSource("names")
  void trajectoriesBeginWhereTheyMay(String name) {
    Sampler sampler =
        Solvers.all(STEPS).get(name).create(Schedules.linear(), PredictionType.EPSILON);
    assertTrue(sampler.steps().get(0).mayBegin());
    List<SamplerStep> steps = sampler.steps();
    for (int start = 0; start < steps.size(); start++) {
      SamplerState state = new SamplerState(1, sampler.memory());
      state.x()[0] = 0.4f;
      if (steps.get(start).mayBegin()) {
        for (SamplerStep step : steps.subList(start, steps.size())) {
          state.prediction()[0] = 0.5f * state.x()[0];
          step.advance(state, false);
          assertTrue(Math.abs(state.x()[0]) < 50, name + " from " + start + ": " + state.x()[0]);
        }
      } else {
        SamplerStep step = steps.get(start);
        assertThrows(IllegalStateException.class, () -> step.advance(state, false));
      }
    }
  }

  @Test
  void aStateWithoutRoomIsRefused() {
    Sampler sampler = UniPcConfig.of(5, 2).create(Schedules.linear(), PredictionType.EPSILON);
    for (Sampler.Memory memory :
        List.of(Sampler.Memory.NONE, new Sampler.Memory(3, false, false))) {
      SamplerState state = new SamplerState(1, memory);
      assertThrows(IllegalArgumentException.class, () -> sampler.begin(state));
    }
    sampler.begin(new SamplerState(1, new Sampler.Memory(4, true, true)));
    assertThrows(IllegalArgumentException.class, () -> new Sampler.Memory(-1, false, false));
  }

  @Test
  void pureNoiseIsNotGuided() {
    NoiseSchedule schedule = Schedules.linear().withZeroTerminalSnr();
    for (SamplerConfig config :
        List.of(
            DdimConfig.of(10, 0).withSpacing(TimestepSpacing.TRAILING, 0),
            new DdpmConfig(
                new DdpmConfig.Timesteps(10, TimestepSpacing.TRAILING, 0, List.of()),
                DdpmConfig.Variance.FIXED_SMALL,
                true))) {
      SamplerStep step = config.create(schedule, PredictionType.V_PREDICTION).steps().get(0);
      assertEquals(0, step.alphasCumprod());
      float[] moved = new float[2];
      for (boolean guided : new boolean[] {false, true}) {
        SamplerState state = new SamplerState(1);
        state.x()[0] = 0.7f;
        state.prediction()[0] = -0.2f;
        state.guidance()[0] = 5;
        step.advance(state, guided);
        moved[guided ? 1 : 0] = state.x()[0];
      }
      assertEquals(moved[0], moved[1]);
      assertFalse(Float.isNaN(moved[0]));
      assertThrows(
          IllegalArgumentException.class, () -> config.create(schedule, PredictionType.EPSILON));
    }
  }
}
