package io.github.cpsample.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which levels solvers visit, and how predicted images are bounded there. */
class SolverLevelsTest {
  private static final NoiseSchedule SCHEDULE = Schedules.linear();

  @ParameterizedTest
  @CsvSource({"PNDM", "derived DPM++ linspace"})
  void timestepsOfTheFile(String scheduler) {
    JsonObject golden =
        StreamSupport.stream(
                Golden.read("schedulers.json")
                    .getAsJsonObject("point_tests")
                    .getAsJsonArray("timesteps")
                    .spliterator(),
                false)
            .map(JsonElement::getAsJsonObject)
            .filter(entry -> entry.get("scheduler").getAsString().equals(scheduler))
            .findFirst()
            .orElseThrow();
    int steps = golden.get("n").getAsInt();
    SamplerConfig config =
        scheduler.equals("PNDM")
            ? new PndmConfig(
                steps, TimestepSpacing.LEADING, 1, false, false, PndmConfig.History.NOISE)
            : DpmMultistepConfig.of(steps, 2);
    int[] expected =
        StreamSupport.stream(golden.getAsJsonArray("expect").spliterator(), false)
            .mapToInt(JsonElement::getAsInt)
            .toArray();
    int[] found =
        config.create(SCHEDULE, PredictionType.EPSILON).steps().stream()
            .mapToInt(step -> (int) step.timestep())
            .toArray();
    assertArrayEquals(expected, found);
  }

  /** Repeated timesteps and every order: the properties that golden/schedulers.json lists. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 10, 27, 50, 100, 999, 1000})
  void everyNumberOfStepsRuns(int steps) {
    Solvers.all(Math.max(4, steps))
        .forEach(
            (name, config) -> {
              for (PredictionType type : PredictionType.values()) {
                Sampler sampler = config.create(SCHEDULE, type);
                SamplerState state = new SamplerState(1, sampler.memory());
                state.x()[0] = 0.8f;
                sampler.begin(state);
                for (SamplerStep step : sampler.steps()) {
                  double abar = step.alphasCumprod();
                  double x = state.x()[0];
                  double noise = x * Math.sqrt(1 - abar);
                  double sample = x * Math.sqrt(abar);
                  state.prediction()[0] =
                      (float) type.ofParts(sample, noise, NoiseLevel.of(0, abar));
                  step.advance(state, false);
                  double bound = name.startsWith("sde") ? Float.MAX_VALUE : 3;
                  assertTrue(
                      Math.abs(state.x()[0]) < bound, name + " " + type + " x " + state.x()[0]);
                }
              }
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void solversWithoutABeginningRunWithFewSteps(int steps) {
    for (SamplerConfig config :
        List.of(
            DpmMultistepConfig.of(steps, 3),
            DpmSinglestepConfig.of(steps, 2),
            DeisConfig.of(steps, 3),
            UniPcConfig.of(steps, 3),
            EulerConfig.of(steps),
            HeunConfig.of(steps),
            LmsConfig.of(steps))) {
      Sampler sampler = config.create(SCHEDULE, PredictionType.SAMPLE);
      SamplerState state = new SamplerState(1, sampler.memory());
      state.x()[0] = 1;
      sampler.begin(state);
      for (SamplerStep step : sampler.steps()) {
        state.prediction()[0] = 0.25f;
        step.advance(state, false);
      }
      assertEquals(0.25, state.x()[0], 0.02, sampler.kind());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = SolverSteps.SigmaSpacing.class,
      names = {"KARRAS", "EXPONENTIAL", "LOG_LINEAR"})
  void levelsAreEquallySpacedInTheirOwnMeasure(SolverSteps.SigmaSpacing spacing) {
    SolverSteps settings = SolverSteps.of(9).withSigmas(spacing);
    for (SolverSteps.Timeline line :
        List.of(settings.wholeTimesteps(SCHEDULE), settings.fractionalTimesteps(SCHEDULE))) {
      double[] measure = new double[9];
      for (int i = 0; i < 9; i++) {
        double sigma = line.at(i).sigma();
        measure[i] =
            spacing == SolverSteps.SigmaSpacing.KARRAS ? Math.pow(sigma, 1 / 7.0) : Math.log(sigma);
      }
      for (int i = 1; i < 8; i++) {
        assertEquals(measure[i] - measure[i - 1], measure[i + 1] - measure[i], 1e-5);
      }
      assertEquals(sigma(999), line.at(0).sigma(), 1e-3);
      assertEquals(sigma(0), line.at(8).sigma(), 1e-8);
      assertEquals(0, line.at(9).sigma());
      assertEquals(
          999, line.at(0).timestep(), spacing == SolverSteps.SigmaSpacing.EXPONENTIAL ? 1 : 1e-3);
      assertEquals(0, line.at(8).timestep());
      assertEquals(spacing, SolverSteps.SigmaSpacing.ofJsonName(spacing.jsonName()));
    }
  }

  /** The level of a fractional timestep of a plan is the one it was chosen for. */
  @Test
  void fractionalTimestepsBelongToTheirLevels() {
    SolverSteps.Timeline line =
        SolverSteps.of(20)
            .withSigmas(SolverSteps.SigmaSpacing.KARRAS)
            .fractionalTimesteps(SCHEDULE);
    for (int i = 0; i < 20; i++) {
      double t = line.at(i).timestep();
      int below = (int) Math.min(998, Math.floor(t));
      double log =
          Math.log(sigma(below)) * (below + 1 - t) + Math.log(sigma(below + 1)) * (t - below);
      assertEquals(Math.log(line.at(i).sigma()), log, 1e-4);
    }
  }

  private static double sigma(int t) {
    double abar = SCHEDULE.alphasCumprod(t);
    return Math.sqrt((1 - abar) / abar);
  }

  @Test
  void aBoundOfLambdaLeavesOutTheNoisiestTimesteps() {
    NoiseSchedule cosine = NoiseSchedule.squaredCosine(1000);
    SolverSteps.Timeline line = SolverSteps.of(10).withLeastLambda(-5.1).wholeTimesteps(cosine);
    assertTrue(line.at(0).lambda() >= -5.1);
    assertTrue(line.at(0).timestep() > 900 && line.at(0).timestep() < 999);
    double next = cosine.alphasCumprod((int) line.at(0).timestep() + 1);
    assertTrue(0.5 * Math.log(next / (1 - next)) < -5.1);
  }

  @Test
  void levelsThatDoNotExistAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> SolverSteps.of(0));
    assertThrows(
        IllegalArgumentException.class, () -> SolverSteps.of(1001).wholeTimesteps(SCHEDULE));
    assertThrows(
        IllegalArgumentException.class, () -> SolverSteps.of(1001).fractionalTimesteps(SCHEDULE));
    SolverSteps leading = SolverSteps.of(1000).withSpacing(TimestepSpacing.LEADING, 0);
    assertThrows(IllegalArgumentException.class, () -> leading.wholeTimesteps(SCHEDULE));
    assertThrows(
        IllegalArgumentException.class, () -> SolverSteps.of(3).withLeastLambda(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> DpmMultistepConfig.of(10, 4));
    assertThrows(IllegalArgumentException.class, () -> SolverSteps.SigmaSpacing.ofJsonName("beta"));
    assertThrows(IllegalArgumentException.class, () -> SolverSteps.End.ofJsonName("one"));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new PndmConfig(3, TimestepSpacing.LEADING, 0, false, false, PndmConfig.History.NOISE));
  }

  /** The quantile of 0, 0.5, 1, ... 4.5 at 0.9 is 4.05: values beyond are cut, then all divided. */
  @Test
  void dynamicThresholdingDividesByAQuantile() {
    SampleClipping clipping = SampleClipping.dynamic(0.9, 10);
    double[] magnitudes = {4.5, 0, 1, 0.5, 2, 1.5, 3, 2.5, 4, 3.5};
    double bound = clipping.bound(magnitudes);
    assertEquals(4.05, bound, 1e-12);
    assertEquals(1, clipping.apply(4.5, bound), 1e-12);
    assertEquals(-2 / 4.05, clipping.apply(-2, bound), 1e-12);
    assertEquals(3, SampleClipping.dynamic(0.9, 3).bound(magnitudes));
    assertEquals(1, clipping.bound(new double[] {0.1, 0.3}));
    assertEquals(0.7, SampleClipping.none().apply(0.7, 0.1));
    assertThrows(IllegalArgumentException.class, () -> SampleClipping.dynamic(1.1, 2));
  }

  /** A solver of order 1 goes to the bounded, then guided image. */
  @Test
  void guidanceEntersAfterTheBound() {
    SampleClipping clipping = SampleClipping.dynamic(0.5, 3);
    DpmMultistepConfig config =
        new DpmMultistepConfig(
            SolverSteps.of(1),
            1,
            DpmMultistepConfig.Algorithm.DPMSOLVER_PLUS_PLUS,
            DpmMultistepConfig.SolverType.MIDPOINT,
            true,
            false,
            clipping);
    Sampler sampler = config.create(SCHEDULE, PredictionType.SAMPLE);
    SamplerState state = new SamplerState(3, sampler.memory());
    float[] images = {-4, 2, 1};
    for (int i = 0; i < 3; i++) {
      state.prediction()[i] = images[i];
      state.guidance()[i] = 1e-4f;
    }
    SamplerStep step = sampler.steps().get(0);
    double abar = step.alphasCumprod();
    double push = (1 - abar) / Math.sqrt(abar) * 1e-4;
    step.advance(state, true);
    assertEquals(-1 + push, state.x()[0], 1e-5);
    assertEquals(1 + push, state.x()[1], 1e-5);
    assertEquals(0.5 + push, state.x()[2], 1e-5);
  }

  /** Lin et al. 2024: the first level stays, the last is pure noise. */
  @Test
  void zeroTerminalSignal() {
    NoiseSchedule schedule = SCHEDULE.withZeroTerminalSnr();
    assertEquals(0, schedule.alphasCumprod(999));
    assertEquals(1, schedule.beta(999));
    double first = Math.sqrt(SCHEDULE.alphasCumprod(0));
    double last = Math.sqrt(SCHEDULE.alphasCumprod(999));
    for (int t : new int[] {0, 300, 998}) {
      double expected = (Math.sqrt(SCHEDULE.alphasCumprod(t)) - last) * first / (first - last);
      assertEquals(expected * expected, schedule.alphasCumprod(t), 1e-6);
    }
    SolverSteps.Timeline line = SolverSteps.of(5).wholeTimesteps(schedule);
    assertEquals(Math.sqrt(0x1p24 - 1), line.at(0).sigma(), 1e-3);
    assertThrows(
        IllegalArgumentException.class,
        () -> NoiseSchedule.linear(1, 0.1, 0.1).withZeroTerminalSnr());
  }
}
