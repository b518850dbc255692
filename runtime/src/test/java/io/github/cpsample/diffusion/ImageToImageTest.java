package io.github.cpsample.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Trajectories that begin at a noised image, against closed forms: pixels are normal with mean m
 * and standard deviation s, so the exact epsilon, the flow and the posterior can be written down.
 */
class ImageToImageTest {
  private static final double MEAN = 0.3;
  private static final double SPREAD = 0.5;
  private static final int STEPS = 400;

  static Set<String> deterministic() {
    return Solvers.deterministic(STEPS).keySet();
  }

  private static double epsilon(double x, double abar) {
    double variance = abar * SPREAD * SPREAD + 1 - abar;
    return Math.sqrt(1 - abar) * (x - Math.sqrt(abar) * MEAN) / variance;
  }

  /** Takes images of one value through the rest of a plan, all at once. */
  private static SamplerState run(Sampler sampler, double strength, double image, int images) {
    Random random = new Random(5);
    int first = sampler.firstStep(strength);
    SamplerState state = new SamplerState(images, sampler.memory());
    for (int i = 0; i < images; i++) {
      state.x()[i] = (float) image;
      state.noise()[i] = (float) random.nextGaussian();
    }
    sampler.beginAt(first, state);
    for (SamplerStep step : sampler.steps().subList(first, sampler.steps().size())) {
      for (int i = 0; i < images; i++) {
        state.prediction()[i] = (float) epsilon(state.x()[i], step.alphasCumprod());
        state.noise()[i] = (float) random.nextGaussian();
      }
      step.advance(state, false);
    }
    return state;
  }

  private static double begin(Sampler sampler, double strength) {
    return sampler.steps().get(sampler.firstStep(strength)).alphasCumprod();
  }

  /** The flow keeps (x - sqrt(abar) m) / sqrt(abar s^2 + 1 - abar). */
  @ParameterizedTest
  @MethodSource("deterministic")
  void deterministicSamplersFollowTheFlowFromTheNoisedImage(String name) {
    Sampler sampler =
        Solvers.all(STEPS).get(name).create(Schedules.linear(), PredictionType.EPSILON);
    for (double strength : new double[] {1, 0.6, 0.37}) {
      SamplerState state = run(sampler, strength, 1.4, 4);
      double abar = begin(sampler, strength);
      Random random = new Random(5);
      double scale = Math.sqrt(abar * SPREAD * SPREAD + 1 - abar);
      for (int row = 0; row < 4; row++) {
        double begun = Math.sqrt(abar) * 1.4 + Math.sqrt(1 - abar) * random.nextGaussian();
        double expected = MEAN + SPREAD * (begun - Math.sqrt(abar) * MEAN) / scale;
        assertEquals(expected, state.x()[row], 0.03, name + ", strength " + strength);
      }
    }
  }

  /** Reverse diffusion gives the posterior of the clean pixel, mixed over the starting noise. */
  @ParameterizedTest
  @CsvSource({"1", "0.5", "0.25"})
  void ancestralSamplingGivesThePosterior(double strength) {
    Sampler sampler =
        new DdpmConfig(DdpmConfig.Timesteps.of(250), DdpmConfig.Variance.FIXED_SMALL, false)
            .create(Schedules.linear(), PredictionType.EPSILON);
    int rows = 20000;
    SamplerState state = run(sampler, strength, 1.4, rows);
    double abar = begin(sampler, strength);
    double total = abar * SPREAD * SPREAD + 1 - abar;
    double slope = Math.sqrt(abar) * SPREAD * SPREAD / total;
    double mean = MEAN + slope * Math.sqrt(abar) * (1.4 - MEAN);
    double variance = slope * slope * (1 - abar) + SPREAD * SPREAD * (1 - abar) / total;
    double sum = 0;
    double squares = 0;
    for (int row = 0; row < rows; row++) {
      sum += state.x()[row];
      squares += (state.x()[row] - mean) * (state.x()[row] - mean);
    }
    assertEquals(mean, sum / rows, 0.02);
    assertEquals(1, squares / rows / variance, 0.06);
  }

  @Test
  void theLastStepsAreTaken() {
    Sampler sampler = DdimConfig.of(10, 0).create(Schedules.linear(), PredictionType.EPSILON);
    assertEquals(0, sampler.firstStep(1));
    assertEquals(5, sampler.firstStep(0.5));
    assertEquals(6, sampler.firstStep(0.44));
    assertEquals(9, sampler.firstStep(0.01), "at least one");
    for (double share : new double[] {0, -1, 1.1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> sampler.firstStep(share));
    }
  }

  /** 19 calls, the even ones begin an interval. */
  @Test
  void intervalsOfSeveralCallsAreNotCut() {
    Sampler heun = HeunConfig.of(10).create(Schedules.linear(), PredictionType.EPSILON);
    assertEquals(19, heun.steps().size());
    assertEquals(10, heun.firstStep(0.53), "10 calls would begin at 9, within an interval");
    assertEquals(10, heun.firstStep(0.47));
    for (String name : Solvers.all(9).keySet()) {
      Sampler sampler = Solvers.all(9).get(name).create(Schedules.linear(), PredictionType.EPSILON);
      for (double share : List.of(1.0, 0.9, 0.5, 0.3, 0.1, 0.001)) {
        assertTrue(sampler.steps().get(sampler.firstStep(share)).mayBegin(), name + " " + share);
      }
    }
  }
}
