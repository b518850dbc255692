package io.github.cpsample.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NoiseScheduleTest {
  private static final int T = 1000;

  @Test
  void theTableHoldsThePublishedFloat32Values() {
    JsonObject points =
        Golden.read("schedulers.json")
            .getAsJsonObject("point_tests")
            .getAsJsonObject("alphas_cumprod_linear_1000");
    for (Map.Entry<String, JsonElement> point : points.entrySet()) {
      if (point.getValue().isJsonArray()) {
        double expected = point.getValue().getAsJsonArray().get(0).getAsDouble();
        int t = Integer.parseInt(point.getKey());
        assertEquals((float) expected, (float) Schedules.linear().alphasCumprod(t), "t " + t);
      }
    }
  }

  @Test
  void scaledLinearSpacesTheSquareRoots() {
    NoiseSchedule schedule = NoiseScheduleConfig.scaledLinear(T, 0.00085, 0.012).create();
    assertEquals(0.00085, schedule.beta(0), 1e-9);
    assertEquals(0.012, schedule.beta(T - 1), 1e-8);
    double middle = Math.sqrt(0.00085) + (Math.sqrt(0.012) - Math.sqrt(0.00085)) * 400 / 999;
    assertEquals(middle * middle, schedule.beta(400), 1e-9);
  }

  @Test
  void squaredCosineFollowsItsSignalUntilTheCap() {
    NoiseSchedule schedule = NoiseScheduleConfig.squaredCosine(T).create();
    for (int t : new int[] {0, 10, 500, 900}) {
      double expected = cosine((t + 1) / 1000.0) / cosine(0);
      assertEquals(expected, schedule.alphasCumprod(t), 1e-6);
    }
    assertEquals(0.999f, (float) schedule.beta(T - 1));
  }

  private static double cosine(double u) {
    return Math.pow(Math.cos((u + 0.008) / 1.008 * Math.PI / 2), 2);
  }

  @Test
  void explicitBetasAreTakenAsTheyAre() {
    NoiseSchedule schedule = NoiseScheduleConfig.explicit(List.of(0.1, 0.2, 0.5)).create();
    assertEquals(3, schedule.trainTimesteps());
    assertEquals(0.9 * 0.8 * 0.5, schedule.alphasCumprod(2), 1e-7);
    float[] betas = {0.1f, 0.2f};
    NoiseSchedule copied = NoiseSchedule.ofBetas(betas);
    betas[0] = 0.9f;
    assertEquals(0.1f, (float) copied.beta(0));
  }

  @Test
  void fractionalTimestepsInterpolateTheNoiseLevel() {
    NoiseSchedule schedule = Schedules.linear();
    assertEquals(schedule.alphasCumprod(7), schedule.alphasCumprod(7.0));
    double expected =
        (sigma(schedule.alphasCumprod(7)) * 0.75) + sigma(schedule.alphasCumprod(8)) * 0.25;
    assertEquals(expected, sigma(schedule.alphasCumprod(7.25)), 1e-12);
    assertThrows(IllegalArgumentException.class, () -> schedule.alphasCumprod(999.5));
    assertThrows(IllegalArgumentException.class, () -> schedule.alphasCumprod(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> schedule.alphasCumprod(1000));
    assertThrows(IllegalArgumentException.class, () -> schedule.alphasCumprod(-1));
  }

  private static double sigma(double abar) {
    return Math.sqrt((1 - abar) / abar);
  }

  @Test
  void impossibleSchedulesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> NoiseSchedule.linear(0, 1e-4, 0.02));
    assertThrows(IllegalArgumentException.class, () -> NoiseSchedule.linear(10, 1e-4, 1.5));
    assertThrows(IllegalArgumentException.class, () -> NoiseSchedule.ofBetas(new float[0]));
    assertThrows(
        IllegalArgumentException.class, () -> NoiseSchedule.ofBetas(new double[] {Double.NaN}));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new NoiseScheduleConfig(
                NoiseScheduleConfig.BetaSchedule.EXPLICIT, 2, 0, 0, List.of(0.1)));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new NoiseScheduleConfig(
                NoiseScheduleConfig.BetaSchedule.SQUARED_COSINE, 2, 0.1, 0, List.of()));
    String message =
        assertThrows(IllegalArgumentException.class, () -> NoiseScheduleConfig.linear(10, 0, 0.02))
            .getMessage();
    assertTrue(message.contains("betaStart"), message);
  }

  @ParameterizedTest
  @EnumSource(NoiseScheduleConfig.BetaSchedule.class)
  void kindsAreFoundByName(NoiseScheduleConfig.BetaSchedule kind) {
    assertEquals(kind, NoiseScheduleConfig.BetaSchedule.ofJsonName(kind.jsonName()));
    assertThrows(
        IllegalArgumentException.class,
        () -> NoiseScheduleConfig.BetaSchedule.ofJsonName(kind.name()));
  }

  @ParameterizedTest
  @EnumSource(PredictionType.class)
  void predictionTypesConvertToTheImageAndTheNoiseTheyWereMadeOf(PredictionType type) {
    double sample = -0.37;
    double epsilon = 1.21;
    for (double abar : new double[] {0.999, 0.5, 4e-5}) {
      double x = Math.sqrt(abar) * sample + Math.sqrt(1 - abar) * epsilon;
      NoiseLevel level = NoiseLevel.of(0, abar);
      double prediction = type.ofParts(sample, epsilon, level);
      assertEquals(sample, value(type.sample(level), x, prediction), 1e-10);
      assertEquals(epsilon, value(type.epsilon(level), x, prediction), 1e-10);
      float[] state = {(float) x};
      float[] output = {(float) prediction};
      assertEquals(sample, type.toSample(state, output, level)[0], 1e-6 / Math.sqrt(abar));
      assertEquals(epsilon, type.toEpsilon(state, output, level)[0], 1e-5);
    }
    assertEquals(type, PredictionType.ofJsonName(type.jsonName()));
    assertThrows(IllegalArgumentException.class, () -> PredictionType.ofJsonName("v"));
  }

  private static double value(Combination factors, double x, double prediction) {
    return factors.of(Combination.Term.STATE) * x
        + factors.of(Combination.Term.PREDICTION) * prediction;
  }
}
