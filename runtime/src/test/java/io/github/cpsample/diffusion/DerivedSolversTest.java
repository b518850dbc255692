package io.github.cpsample.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Trajectories that golden/solvers.py computed, a second derivation of all solvers. */
class DerivedSolversTest {
  private static final int SIZE = 768;

  /** Rounding of timesteps of noise levels, which diffusers keeps in float32. */
  private static final double TIMESTEP_TOLERANCE = 2e-4;

  /** x is kept in float32; at the greatest noise levels its rounding is amplified. */
  private static final double TOLERANCE = 1e-4;

  private static final Map<String, JsonObject> CASES =
      StreamSupport.stream(Golden.read("solvers.json").getAsJsonArray("cases").spliterator(), false)
          .map(JsonElement::getAsJsonObject)
          .collect(Collectors.toMap(golden -> golden.get("id").getAsString(), Function.identity()));

  static Stream<String> cases() {
    return CASES.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void trajectory(String id) {
    JsonObject golden = CASES.get(id);
    Sampler sampler = GoldenSchedulersTest.sampler(golden);
    SamplerState state = new SamplerState(SIZE, sampler.memory());
    float[] start = Golden.sample();
    float[] noise = Golden.noise();
    for (int i = 0; i < SIZE; i++) {
      state.x()[i] = start[i] * 6 - 3;
      state.noise()[i] = noise[i] * 2 - 1;
    }
    sampler.begin(state);
    JsonArray timesteps = golden.getAsJsonArray("timesteps");
    assertEquals(timesteps.size(), sampler.steps().size());
    for (int s = 0; s < timesteps.size(); s++) {
      SamplerStep step = sampler.steps().get(s);
      assertEquals(timesteps.get(s).getAsDouble(), step.timestep(), TIMESTEP_TOLERANCE, id + s);
      for (int i = 0; i < SIZE; i++) {
        state.prediction()[i] = (float) (0.5 * Math.sin(state.x()[i] + step.timestep() / 300));
      }
      step.advance(state, false);
    }
    Golden.assertReference(golden, state.x(), TOLERANCE);
  }
}
