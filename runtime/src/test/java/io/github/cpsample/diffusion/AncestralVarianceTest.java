package io.github.cpsample.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Samplers that add noise bring normally distributed images back to their deviation: noise that is
 * added must balance what the steps take away.
 */
class AncestralVarianceTest {
  private static final double DEVIATION = 0.5;
  private static final int VALUES = 8000;
  private static final int STEPS = 400;

  @ParameterizedTest
  @ValueSource(
      strings = {"ddim", "ddpm", "euler", "sde++ 1", "sde++ 2", "sde++ 3", "sde 1", "sde 2"})
  void theDeviationOfTheImagesComesBack(String name) {
    Sampler sampler = config(name).create(Schedules.linear(), PredictionType.EPSILON);
    SamplerState state = new SamplerState(VALUES, sampler.memory());
    Random random = new Random(3);
    fill(state.x(), random);
    sampler.begin(state);
    for (SamplerStep step : sampler.steps()) {
      double abar = step.alphasCumprod();
      double variance = abar * DEVIATION * DEVIATION + 1 - abar;
      for (int i = 0; i < VALUES; i++) {
        state.prediction()[i] = (float) (Math.sqrt(1 - abar) * state.x()[i] / variance);
      }
      if (step.usesNoise()) {
        fill(state.noise(), random);
      }
      step.advance(state, false);
    }
    double squares = 0;
    for (float x : state.x()) {
      squares += x * (double) x;
    }
    assertEquals(DEVIATION, Math.sqrt(squares / VALUES), 0.015, name);
  }

  private static SamplerConfig config(String name) {
    SolverSteps levels =
        SolverSteps.of(STEPS)
            .withSigmas(SolverSteps.SigmaSpacing.LOG_LINEAR)
            .withEnd(SolverSteps.End.SIGMA_MIN);
    SamplerConfig single =
        Map.<String, SamplerConfig>of(
                "ddim", DdimConfig.of(1000, 1).withClipping(DdimConfig.Clipping.NONE),
                "ddpm",
                    new DdpmConfig(
                        DdpmConfig.Timesteps.of(1000), DdpmConfig.Variance.FIXED_SMALL, false),
                "euler", new EulerAncestralConfig(levels))
            .get(name);
    if (single != null) {
      return single;
    }
    int order = name.charAt(name.length() - 1) - '0';
    DpmMultistepConfig.Algorithm algorithm =
        name.startsWith("sde++")
            ? DpmMultistepConfig.Algorithm.SDE_DPMSOLVER_PLUS_PLUS
            : DpmMultistepConfig.Algorithm.SDE_DPMSOLVER;
    return new DpmMultistepConfig(
        levels,
        order,
        algorithm,
        DpmMultistepConfig.SolverType.MIDPOINT,
        false,
        false,
        SampleClipping.none());
  }

  private static void fill(float[] values, Random random) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
  }
}
