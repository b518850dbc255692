package io.github.cpsample.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Timesteps and variances against the point tests of golden/schedulers.json. */
class TimestepsTest {
  private static final JsonObject POINTS =
      Golden.read("schedulers.json").getAsJsonObject("point_tests");

  @ParameterizedTest
  @CsvSource({
    "DDIM, LEADING, 1",
    "derived DDIM linspace, LINSPACE, 0",
    "derived DDIM trailing, TRAILING, 0"
  })
  void spacings(String scheduler, TimestepSpacing spacing, int offset) {
    JsonObject golden =
        StreamSupport.stream(POINTS.getAsJsonArray("timesteps").spliterator(), false)
            .map(JsonElement::getAsJsonObject)
            .filter(entry -> entry.get("scheduler").getAsString().equals(scheduler))
            .findFirst()
            .orElseThrow();
    int steps = golden.get("n").getAsInt();
    assertArrayEquals(
        ints(golden.getAsJsonArray("expect")), spacing.timesteps(1000, steps, offset));
    Sampler sampler =
        DdimConfig.of(steps, 0)
            .withSpacing(spacing, offset)
            .create(Schedules.linear(), PredictionType.EPSILON);
    assertArrayEquals(ints(golden.getAsJsonArray("expect")), timesteps(sampler));
  }

  @Test
  void inversionAscends() {
    Sampler sampler =
        new DdimInversionConfig(5, 1, true, DdimConfig.Clipping.SAMPLE)
            .create(Schedules.linear(), PredictionType.EPSILON);
    assertArrayEquals(new int[] {1, 201, 401, 601, 801}, timesteps(sampler));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 10, 27, 50, 100, 300, 999, 1000})
  void everyNumberOfStepsRuns(int steps) {
    for (TimestepSpacing spacing : TimestepSpacing.values()) {
      runs(
          DdimConfig.of(steps, 1)
              .withSpacing(spacing, 0)
              .create(Schedules.linear(), PredictionType.EPSILON));
      for (DdpmConfig.Variance variance : DdpmConfig.Variance.values()) {
        DdpmConfig.Timesteps timesteps = new DdpmConfig.Timesteps(steps, spacing, 0, List.of());
        runs(
            new DdpmConfig(timesteps, variance, true)
                .create(Schedules.linear(), PredictionType.EPSILON));
      }
    }
  }

  /** Leading and linspace plans come down to timestep 0, whose step adds no noise. */
  @ParameterizedTest
  @ValueSource(ints = {2, 7, 50, 300, 1000})
  void plansThatReachTimestepZeroEndInAnImage(int steps) {
    for (TimestepSpacing spacing : List.of(TimestepSpacing.LEADING, TimestepSpacing.LINSPACE)) {
      DdpmConfig.Timesteps timesteps = new DdpmConfig.Timesteps(steps, spacing, 0, List.of());
      for (SamplerConfig config :
          List.of(
              DdimConfig.of(steps, 1).withSpacing(spacing, 0),
              new DdpmConfig(timesteps, DdpmConfig.Variance.FIXED_LARGE, true))) {
        Sampler sampler = config.create(Schedules.linear(), PredictionType.EPSILON);
        assertFalse(sampler.steps().get(steps - 1).usesNoise());
        assertTrue(Math.abs(runs(sampler)) <= 1.0, "the end is an image");
      }
    }
  }

  private static double runs(Sampler sampler) {
    SamplerState state = new SamplerState(1, sampler.memory());
    state.x()[0] = 1;
    state.noise()[0] = 0.5f;
    for (SamplerStep step : sampler.steps()) {
      state.prediction()[0] = 0.5f * state.x()[0];
      step.advance(state, false);
      assertTrue(Math.abs(state.x()[0]) < 20, "x " + state.x()[0] + " at " + step.timestep());
    }
    return state.x()[0];
  }

  @Test
  void impossibleRangesOfClippingAreRefused() {
    DdpmConfig.Timesteps timesteps = DdpmConfig.Timesteps.of(10);
    for (double range : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(
          IllegalArgumentException.class, () -> DdimConfig.of(10, 0).withClipSampleRange(range));
      assertThrows(
          IllegalArgumentException.class,
          () ->
              new DdpmConfig(
                  timesteps, DdpmConfig.Variance.FIXED_SMALL, SampleClipping.toRange(range)));
      assertThrows(
          IllegalArgumentException.class,
          () -> new DdimInversionConfig(10, 0, true, DdimConfig.Clipping.SAMPLE, range));
    }
  }

  @ParameterizedTest
  @EnumSource(TimestepSpacing.class)
  void impossibleNumbersOfStepsAreRefused(TimestepSpacing spacing) {
    assertThrows(IllegalArgumentException.class, () -> spacing.timesteps(1000, 1001, 0));
    assertThrows(IllegalArgumentException.class, () -> spacing.timesteps(1000, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> spacing.timesteps(1000, 10, -1));
    assertEquals(spacing, TimestepSpacing.ofJsonName(spacing.jsonName()));
  }

  @Test
  void anOffsetBeyondTheTableIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> TimestepSpacing.LEADING.timesteps(1000, 1000, 1));
    assertThrows(IllegalArgumentException.class, () -> TimestepSpacing.ofJsonName("log"));
  }

  @Test
  void ddimVariances() {
    for (JsonElement element :
        POINTS.getAsJsonObject("ddim_variance(t,prev)").getAsJsonArray("independent")) {
      JsonArray point = element.getAsJsonArray();
      double found =
          DdimConfig.variance(
              Schedules.linear().alphasCumprod(point.get(0).getAsInt()),
              Schedules.linear().alphasCumprod(point.get(1).getAsInt()));
      Golden.assertNear(point.get(2), found, 1e-6);
    }
  }

  @Test
  void ddpmVariances() {
    NoiseSchedule schedule = Schedules.linear();
    for (JsonElement element :
        POINTS.getAsJsonObject("ddpm_variance_fixed_small(t)").getAsJsonArray("independent")) {
      JsonArray point = element.getAsJsonArray();
      int t = point.get(0).getAsInt();
      double next = t == 0 ? 1 : schedule.alphasCumprod(t - 1);
      double found = DdpmConfig.Variance.FIXED_SMALL.of(schedule.alphasCumprod(t), next);
      Golden.assertNear(point.get(1), found, t == 0 ? 1e-30 : 1e-6);
    }
    double large =
        DdpmConfig.Variance.FIXED_LARGE.of(
            schedule.alphasCumprod(487), schedule.alphasCumprod(486));
    assertEquals(schedule.beta(487), large, 1e-6);
    for (DdpmConfig.Variance variance : DdpmConfig.Variance.values()) {
      assertEquals(variance, DdpmConfig.Variance.ofJsonName(variance.jsonName()));
    }
  }

  @Test
  void listedTimestepsAreVisited() {
    JsonObject golden = POINTS.getAsJsonObject("ddpm_custom_timesteps");
    int[] expected = ints(golden.getAsJsonArray("timesteps"));
    List<Integer> list = Arrays.stream(expected).boxed().toList();
    DdpmConfig config =
        new DdpmConfig(DdpmConfig.Timesteps.ofList(list), DdpmConfig.Variance.FIXED_SMALL, true);
    Sampler sampler = config.create(Schedules.linear(), PredictionType.EPSILON);
    assertArrayEquals(expected, timesteps(sampler));
    int[] previous = ints(golden.getAsJsonArray("expected_previous"));
    for (int i = 0; i < expected.length; i++) {
      assertMovesTo(sampler.steps().get(i), previous[i]);
    }
  }

  /** With x_0 = 0, the mean is {@code sqrt(alpha) (1 - abar') / (1 - abar) x}. */
  private static void assertMovesTo(SamplerStep step, int previous) {
    SamplerState state = new SamplerState(1);
    state.x()[0] = 1;
    double abar = step.alphasCumprod();
    state.prediction()[0] = (float) (1 / Math.sqrt(1 - abar));
    step.advance(state, false);
    double next = previous < 0 ? 1 : Schedules.linear().alphasCumprod(previous);
    double expected = Math.sqrt(abar / next) * (1 - next) / (1 - abar);
    assertEquals(expected, state.x()[0], 1e-5);
  }

  @Test
  void contradictoryTimestepsAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> DdpmConfig.Timesteps.ofList(List.of(100, 87, 50, 51, 0)));
    assertThrows(IllegalArgumentException.class, () -> DdpmConfig.Timesteps.ofList(List.of(3, 3)));
    assertThrows(IllegalArgumentException.class, () -> DdpmConfig.Timesteps.ofList(List.of()));
    assertThrows(IllegalArgumentException.class, () -> DdpmConfig.Timesteps.ofList(List.of(5, -1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new DdpmConfig.Timesteps(3, TimestepSpacing.LEADING, 0, List.of(2, 1, 0)));
    DdpmConfig beyond =
        new DdpmConfig(
            DdpmConfig.Timesteps.ofList(List.of(1000)), DdpmConfig.Variance.FIXED_SMALL, true);
    assertThrows(
        IllegalArgumentException.class,
        () -> beyond.create(Schedules.linear(), PredictionType.EPSILON));
  }

  private static int[] ints(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToInt(JsonElement::getAsInt)
        .toArray();
  }

  private static int[] timesteps(Sampler sampler) {
    return sampler.steps().stream().mapToInt(step -> (int) step.timestep()).toArray();
  }
}
