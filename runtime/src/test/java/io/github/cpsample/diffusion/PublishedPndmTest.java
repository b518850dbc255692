package io.github.cpsample.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.diffusion.PndmConfig.History;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * PNDM as the diffusers library computes it for denoisers of v; the sum is that of its test of a
 * full loop with v-prediction.
 */
class PublishedPndmTest {

  private static float[] run(PredictionType type, History history, boolean skip) {
    Sampler sampler =
        new PndmConfig(10, TimestepSpacing.LEADING, 0, skip, false, history)
            .create(Schedules.linear(), type);
    float[] start = Golden.sample();
    SamplerState state = new SamplerState(start.length, sampler.memory());
    System.arraycopy(start, 0, state.x(), 0, start.length);
    sampler.begin(state);
    for (SamplerStep step : sampler.steps()) {
      float[] output = Golden.model(state.x(), step.timestep());
      System.arraycopy(output, 0, state.prediction(), 0, output.length);
      step.advance(state, false);
    }
    return state.x();
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += Math.abs((double) value);
    }
    return sum;
  }

  @Test
  void velocitiesAreCombinedAsTheyAre() {
    assertEquals(67.3986, sum(run(PredictionType.V_PREDICTION, History.OUTPUT, false)), 1e-2);
    assertTrue(sum(run(PredictionType.V_PREDICTION, History.NOISE, false)) > 80);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void forDenoisersOfNoiseBothAreTheSame(boolean skip) {
    float[] noise = run(PredictionType.EPSILON, History.NOISE, skip);
    float[] output = run(PredictionType.EPSILON, History.OUTPUT, skip);
    for (int i = 0; i < noise.length; i++) {
      assertEquals(noise[i], output[i], 1e-6);
    }
  }
}
