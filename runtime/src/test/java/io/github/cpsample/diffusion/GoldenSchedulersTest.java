package io.github.cpsample.diffusion;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.cpsample.bundle.SchedulerConfig;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every trajectory of golden/schedulers.json, with its scheduler read from the case's settings; the
 * conventions of the file say how the runs are made.
 */
class GoldenSchedulersTest {
  private static final int SIZE = 768;

  /** All but one step for several timesteps, which is no trajectory. */
  static Stream<String> cases() {
    return StreamSupport.stream(
            Golden.read("schedulers.json").getAsJsonArray("cases").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .filter(golden -> !golden.get("loop").getAsString().equals("batch_step"))
        .map(golden -> golden.get("id").getAsString());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void trajectory(String id) {
    JsonObject golden = Golden.schedulerCase(id);
    String loop = golden.get("loop").getAsString();
    Sampler sampler = sampler(golden);
    int start = loop.contains("timesteps[3:]") ? 3 : 0;
    if (!golden.get("t_start").isJsonNull()) {
      start = golden.get("t_start").getAsInt() * (id.startsWith("heun") ? 2 : 1);
    }
    boolean overwrites = loop.contains("overwrite");
    Golden.assertCase(golden, run(sampler, start, overwrites, loop.contains("+add_noise")));
  }

  /** The usual loop, in which the scaled x goes to the model alone. */
  @ParameterizedTest
  @CsvSource({"euler_proper, euler", "heun_proper, heun", "euler_a_proper, euler_a"})
  void properTrajectory(String id, String configured) {
    Sampler sampler = sampler(Golden.schedulerCase(configured));
    Golden.assertCase(Golden.schedulerCase(id), run(sampler, 0, false, false));
  }

  static Sampler sampler(JsonObject golden) {
    JsonObject settings = golden.getAsJsonObject("config").deepCopy();
    settings.add("_class_name", golden.get("scheduler"));
    SchedulerConfig config =
        SchedulerConfig.parse(settings.toString(), golden.get("id").getAsString());
    JsonElement steps = golden.get("num_inference_steps");
    return config
        .sampler(steps.isJsonNull() ? config.schedule().trainTimesteps() : steps.getAsInt())
        .create(config.createSchedule(), config.predictionType());
  }

  /**
   * @param overwrites whether the variance-preserving x replaces the one of sigma space after each
   *     call of the model, as the tests behind the numbers do
   */
  private static float[] run(Sampler sampler, int start, boolean overwrites, boolean noised) {
    SamplerState state = new SamplerState(SIZE, sampler.memory());
    System.arraycopy(Golden.sample(), 0, state.x(), 0, SIZE);
    List<SamplerStep> steps = sampler.steps().subList(start, sampler.steps().size());
    if (noised) {
      System.arraycopy(Golden.noise(), 0, state.noise(), 0, SIZE);
    }
    if (noised) {
      scale(state, overwrites ? sigma(sampler.steps().get(0)) : 1);
      state.addNoise(steps.get(0).alphasCumprod());
      state.forget();
    } else {
      sampler.begin(state);
    }
    NormalStream noise = RandomMode.TORCH.open(0).steps();
    for (SamplerStep step : steps) {
      float[] output = Golden.model(state.x(), step.timestep());
      System.arraycopy(output, 0, state.prediction(), 0, SIZE);
      if (step.usesNoise()) {
        noise.fill(state.noise(), 0, SIZE);
      }
      if (overwrites) {
        scale(state, Math.sqrt(step.alphasCumprod()));
      }
      step.advance(state, false);
    }
    return state.x();
  }

  private static double sigma(SamplerStep step) {
    return Math.sqrt((1 - step.alphasCumprod()) / step.alphasCumprod());
  }

  private static void scale(SamplerState state, double factor) {
    for (int i = 0; i < state.size(); i++) {
      state.x()[i] = (float) (state.x()[i] * factor);
    }
  }
}
