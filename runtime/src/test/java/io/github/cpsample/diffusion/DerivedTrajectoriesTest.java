package io.github.cpsample.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Trajectories that golden/derived.py computed, configured by the names that diffusers uses. */
class DerivedTrajectoriesTest {
  private static final int SIZE = 768;

  static Stream<JsonObject> entries(String list) {
    return StreamSupport.stream(
            Golden.read("derived.json").getAsJsonArray(list).spliterator(), false)
        .map(JsonElement::getAsJsonObject);
  }

  static Stream<JsonObject> cases() {
    return entries("cases");
  }

  static Stream<JsonObject> spacings() {
    return entries("spacings");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void trajectory(JsonObject golden) {
    JsonObject config = golden.getAsJsonObject("config");
    SamplerConfig settings =
        golden.get("scheduler").getAsString().equals("DDIMScheduler")
            ? ddim(config, golden)
            : ddpm(config, golden);
    PredictionType type =
        PredictionType.ofJsonName(text(config, "prediction_type", PredictionType.EPSILON));
    Sampler sampler = settings.create(schedule(config), type);
    assertArrayEquals(
        ints(golden.get("expected_timesteps")),
        sampler.steps().stream().mapToInt(step -> (int) step.timestep()).toArray());
    Golden.assertReference(golden, run(sampler, golden.get("model").getAsString()));
  }

  @ParameterizedTest
  @MethodSource("spacings")
  void spacing(JsonObject golden) {
    int[] found =
        TimestepSpacing.ofJsonName(golden.get("timestep_spacing").getAsString())
            .timesteps(
                golden.get("num_train_timesteps").getAsInt(),
                golden.get("num_inference_steps").getAsInt(),
                0);
    assertEquals(golden.get("sum").getAsInt(), Arrays.stream(found).sum());
    assertEquals(
        golden.get("sum_of_squares").getAsLong(),
        Arrays.stream(found).mapToLong(t -> (long) t * t).sum());
  }

  private static float[] run(Sampler sampler, String model) {
    SamplerState state = new SamplerState(SIZE);
    float[] start = Golden.sample();
    float[] noise = Golden.noise();
    for (int i = 0; i < SIZE; i++) {
      state.x()[i] = start[i] * 6 - 3;
      state.noise()[i] = noise[i] * 2 - 1;
    }
    for (SamplerStep step : sampler.steps()) {
      double t = step.timestep();
      for (int i = 0; i < SIZE; i++) {
        double x = state.x()[i];
        double output = model.equals("wave") ? Math.sin(3 * x + t / 100) : x * t / (t + 1);
        state.prediction()[i] = (float) output;
      }
      step.advance(state, false);
    }
    return state.x();
  }

  private static DdimConfig ddim(JsonObject config, JsonObject golden) {
    DdimConfig.Clipping clipping = DdimConfig.Clipping.NONE;
    if (!config.has("clip_sample") || config.get("clip_sample").getAsBoolean()) {
      clipping =
          golden.has("use_clipped_model_output")
              ? DdimConfig.Clipping.SAMPLE_AND_EPSILON
              : DdimConfig.Clipping.SAMPLE;
    }
    return DdimConfig.of(golden.get("num_inference_steps").getAsInt(), number(golden, "eta", 0))
        .withSpacing(spacingOf(config), (int) number(config, "steps_offset", 0))
        .withSetAlphaToOne(!config.has("set_alpha_to_one"))
        .withClipping(clipping)
        .withClipSampleRange(number(config, "clip_sample_range", 1));
  }

  private static DdpmConfig ddpm(JsonObject config, JsonObject golden) {
    DdpmConfig.Timesteps timesteps =
        golden.has("timesteps")
            ? DdpmConfig.Timesteps.ofList(
                Arrays.stream(ints(golden.get("timesteps"))).boxed().toList())
            : new DdpmConfig.Timesteps(
                golden.get("num_inference_steps").getAsInt(),
                spacingOf(config),
                (int) number(config, "steps_offset", 0),
                List.of());
    return new DdpmConfig(
        timesteps,
        config.has("variance_type")
            ? DdpmConfig.Variance.ofJsonName(config.get("variance_type").getAsString())
            : DdpmConfig.Variance.FIXED_SMALL,
        config.has("clip_sample")
            ? SampleClipping.none()
            : SampleClipping.toRange(number(config, "clip_sample_range", 1)));
  }

  private static NoiseSchedule schedule(JsonObject config) {
    int count = (int) number(config, "num_train_timesteps", 1000);
    if (config.has("trained_betas")) {
      return NoiseSchedule.ofBetas(
          StreamSupport.stream(config.getAsJsonArray("trained_betas").spliterator(), false)
              .mapToDouble(JsonElement::getAsDouble)
              .toArray());
    }
    String kind = config.has("beta_schedule") ? config.get("beta_schedule").getAsString() : "";
    return switch (kind) {
      case "squaredcos_cap_v2" -> NoiseSchedule.squaredCosine(count);
      case "scaled_linear" ->
          NoiseSchedule.scaledLinear(
              count, number(config, "beta_start", 0), number(config, "beta_end", 0));
      default -> NoiseSchedule.linear(count, 1e-4, 0.02);
    };
  }

  private static TimestepSpacing spacingOf(JsonObject config) {
    return config.has("timestep_spacing")
        ? TimestepSpacing.ofJsonName(config.get("timestep_spacing").getAsString())
        : TimestepSpacing.LEADING;
  }

  private static String text(JsonObject object, String name, PredictionType otherwise) {
    return object.has(name) ? object.get(name).getAsString() : otherwise.jsonName();
  }

  private static double number(JsonObject object, String name, double otherwise) {
    return object.has(name) ? object.get(name).getAsDouble() : otherwise;
  }

  private static int[] ints(JsonElement array) {
    return StreamSupport.stream(array.getAsJsonArray().spliterator(), false)
        .mapToInt(JsonElement::getAsInt)
        .toArray();
  }
}
