package io.github.cpsample.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The trajectories of golden/schedulers.json; its conventions say how they are made. */
class GoldenSamplerTest {
  private static final int SIZE = 768;

  @ParameterizedTest
  @ValueSource(strings = {"ddim_no_noise", "ddim_v", "ddim_set_alpha_to_one"})
  void ddim(String id) {
    JsonObject golden = Golden.schedulerCase(id);
    float[] x = run(ddim(golden, DdimConfig.of(10, 0)), Golden.sample(), 0, null);
    Golden.assertCase(golden, x);
  }

  @Test
  void ddimWithoutClipping() {
    Sampler sampler =
        DdimConfig.of(10, 0)
            .withClipping(DdimConfig.Clipping.NONE)
            .create(Schedules.linear(), PredictionType.EPSILON);
    Golden.assertCase(Golden.schedulerCase("ddim_noclip"), run(sampler, Golden.sample(), 0, null));
  }

  @Test
  void ddimWithEtaOneDrawsAtEveryStep() {
    Sampler sampler = DdimConfig.of(10, 1).create(Schedules.linear(), PredictionType.EPSILON);
    NormalStream noise = RandomMode.TORCH.open(0).steps();
    Golden.assertCase(Golden.schedulerCase("ddim_eta1"), run(sampler, Golden.sample(), 0, noise));
  }

  @Test
  void ddimFromANoisedImage() {
    JsonObject golden = Golden.schedulerCase("ddim_with_noise");
    Sampler sampler = ddim(golden, DdimConfig.of(10, 0));
    int start = golden.get("t_start").getAsInt();
    double abar = sampler.steps().get(start).alphasCumprod();
    SamplerState state = new SamplerState(SIZE);
    System.arraycopy(Golden.sample(), 0, state.x(), 0, SIZE);
    System.arraycopy(Golden.noise(), 0, state.noise(), 0, SIZE);
    state.addNoise(abar);
    Golden.assertCase(golden, run(sampler, state.x(), start, null));
    assertThrows(IllegalArgumentException.class, () -> state.addNoise(1.5));
  }

  @Test
  void ddimInversion() {
    Sampler sampler =
        new DdimInversionConfig(10, 0, true, DdimConfig.Clipping.SAMPLE)
            .create(Schedules.linear(), PredictionType.EPSILON);
    Golden.assertCase(Golden.schedulerCase("ddim_inverse"), run(sampler, Golden.sample(), 0, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ddpm_no_noise", "ddpm_v"})
  void ddpm(String id) {
    JsonObject golden = Golden.schedulerCase(id);
    Sampler sampler = DdpmConfig.of(1000).create(Schedules.linear(), type(golden));
    NormalStream noise = RandomMode.TORCH.open(0).steps();
    Golden.assertCase(golden, run(sampler, Golden.sample(), 0, noise));
  }

  @Test
  void ddpmWithListedTimestepsEqualsTheDefault() {
    List<Integer> all = IntStream.rangeClosed(1, 1000).map(i -> 1000 - i).boxed().toList();
    Sampler sampler =
        new DdpmConfig(DdpmConfig.Timesteps.ofList(all), DdpmConfig.Variance.FIXED_SMALL, true)
            .create(Schedules.linear(), PredictionType.EPSILON);
    NormalStream noise = RandomMode.TORCH.open(0).steps();
    Golden.assertCase(
        Golden.schedulerCase("ddpm_no_noise"), run(sampler, Golden.sample(), 0, noise));
  }

  @Test
  void ddpmMeansOfABatchWithSeveralTimesteps() {
    List<SamplerStep> steps =
        DdpmConfig.of(1000).create(Schedules.linear(), PredictionType.EPSILON).steps();
    float[] all = new float[3 * SIZE];
    float[] shifts = {0f, 0.1f, -0.1f};
    for (int t = 0; t < shifts.length; t++) {
      SamplerState state = new SamplerState(SIZE);
      float[] x = Golden.sample();
      for (int i = 0; i < SIZE; i++) {
        state.x()[i] = x[i] + shifts[t];
      }
      step(steps.get(999 - t), state);
      System.arraycopy(state.x(), 0, all, t * SIZE, SIZE);
    }
    Golden.assertCase(Golden.schedulerCase("ddpm_batch_step"), all);
  }

  @Test
  void theDummyInputsAreThoseOfTheFile() {
    Golden.assertDummies();
    assertEquals(0.8138020833333334, Golden.sample()[192 + 2 * 64 + 3 * 8 + 4], 1e-7);
  }

  private static Sampler ddim(JsonObject golden, DdimConfig config) {
    JsonObject settings = golden.getAsJsonObject("config");
    NoiseSchedule schedule =
        NoiseSchedule.linear(
            settings.get("num_train_timesteps").getAsInt(),
            settings.get("beta_start").getAsDouble(),
            settings.get("beta_end").getAsDouble());
    return config.create(schedule, type(golden));
  }

  private static PredictionType type(JsonObject golden) {
    return PredictionType.ofJsonName(golden.get("prediction_type").getAsString());
  }

  /** A null stream: the plan must be deterministic, else every step draws except a DDPM's last. */
  private static float[] run(Sampler sampler, float[] x, int start, NormalStream noise) {
    SamplerState state = new SamplerState(SIZE);
    System.arraycopy(x, 0, state.x(), 0, SIZE);
    for (SamplerStep step : sampler.steps().subList(start, sampler.steps().size())) {
      if (noise == null) {
        assertEquals(false, step.usesNoise(), "uses noise at " + step.timestep());
      } else {
        noise.fill(state.noise(), 0, SIZE);
      }
      step(step, state);
    }
    return state.x();
  }

  private static void step(SamplerStep step, SamplerState state) {
    float[] output = Golden.model(state.x(), step.timestep());
    System.arraycopy(output, 0, state.prediction(), 0, SIZE);
    step.advance(state, false);
  }
}
