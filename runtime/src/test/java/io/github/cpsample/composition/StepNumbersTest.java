package io.github.cpsample.composition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.diffusion.DdimClipping;
import io.github.cpsample.diffusion.DdimConfig;
import io.github.cpsample.diffusion.DdpmConfig;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.diffusion.SamplerStep;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StepNumbersTest {
  private static final NoiseSchedule SCHEDULE = NoiseSchedule.linear(1000, 1e-4, 0.02);
  private static final int STEPS = 20;
  private static final int DISTANCE = 1000 / STEPS;
  private static final OptionalDouble ONE = OptionalDouble.of(1);

  private static void assertClose(double expected, double found, String what) {
    assertTrue(
        Math.abs(expected - found) <= 1e-6 + 1e-6 * Math.abs(expected),
        what + ": expected " + expected + ", found " + found);
  }

  /** Song, Meng and Ermon 2021, equation 12, with the guidance of Dhariwal and Nichol 2021. */
  @ParameterizedTest
  @EnumSource
  void ofClippedDdim(PredictionType type) {
    List<SamplerStep> steps =
        DdimConfig.of(STEPS, 0.5)
            .withClipping(DdimClipping.SAMPLE_AND_EPSILON)
            .create(SCHEDULE, type)
            .steps();
    for (int i = 0; i < STEPS; i++) {
      SamplerStep step = steps.get(i);
      double abar = SCHEDULE.alphasCumprod((STEPS - 1 - i) * DISTANCE);
      double next = i + 1 < STEPS ? SCHEDULE.alphasCumprod((STEPS - 2 - i) * DISTANCE) : 1;
      double sigma = 0.5 * Math.sqrt((1 - next) / (1 - abar) * (1 - abar / next));
      double direction = Math.sqrt(Math.max(0, 1 - next - sigma * sigma));
      double spread = Math.sqrt(1 - abar);
      StepNumbers numbers = StepNumbers.of(step, type, ONE, true);
      assertClose(direction / spread, numbers.ofState(), "state");
      assertClose(
          Math.sqrt(next) - direction / spread * Math.sqrt(abar), numbers.ofSample(), "sample");
      assertClose(0, numbers.ofPrediction(), "prediction");
      assertClose(sigma, numbers.ofNoise(), "noise");
      assertClose(
          Math.sqrt(next) * (1 - abar) / Math.sqrt(abar) - direction * spread,
          numbers.ofGuidance(),
          "guidance");
      assertEquals(0, StepNumbers.of(step, type, ONE, false).ofGuidance());
    }
  }

  /** Ho, Jain and Abbeel 2020, equation 7; guidance enters the mean with the variance. */
  @ParameterizedTest
  @EnumSource
  void ofDdpm(PredictionType type) {
    List<SamplerStep> steps = DdpmConfig.of(STEPS).create(SCHEDULE, type).steps();
    for (int i = 0; i + 1 < STEPS; i++) {
      double abar = SCHEDULE.alphasCumprod((STEPS - 1 - i) * DISTANCE);
      double next = SCHEDULE.alphasCumprod((STEPS - 2 - i) * DISTANCE);
      double beta = 1 - abar / next;
      double variance = (1 - next) / (1 - abar) * beta;
      StepNumbers numbers = StepNumbers.of(steps.get(i), type, ONE, true);
      assertClose(Math.sqrt(next) * beta / (1 - abar), numbers.ofSample(), "sample");
      assertClose(Math.sqrt(abar / next) * (1 - next) / (1 - abar), numbers.ofState(), "state");
      assertClose(0, numbers.ofPrediction(), "prediction");
      assertClose(variance, numbers.ofGuidance(), "guidance");
      assertClose(Math.sqrt(variance), numbers.ofNoise(), "noise");
    }
  }

  /** Epsilon stays what the denoiser says unless the row is guided. */
  @Test
  void guidedRowsMayHaveOtherNumbers() {
    SamplerStep step =
        DdimConfig.of(STEPS, 0).create(SCHEDULE, PredictionType.EPSILON).steps().get(5);
    StepNumbers free = StepNumbers.of(step, PredictionType.EPSILON, ONE, false);
    StepNumbers guided = StepNumbers.of(step, PredictionType.EPSILON, ONE, true);
    assertTrue(free.ofPrediction() > 0.1, free.toString());
    assertClose(0, free.ofState(), "state");
    assertClose(0, guided.ofPrediction(), "prediction");
    assertTrue(guided.ofState() > 0.1, guided.toString());
  }

  @Test
  void anotherClipIsRefused() {
    SamplerStep step = DdpmConfig.of(STEPS).create(SCHEDULE, PredictionType.EPSILON).steps().get(0);
    for (OptionalDouble clip : List.of(OptionalDouble.empty(), OptionalDouble.of(2))) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> StepNumbers.of(step, PredictionType.EPSILON, clip, true));
      assertTrue(e.getMessage().startsWith("sampler: expected steps that are linear"), "" + e);
    }
  }

  @Test
  void stepsOfAnotherFormAreRefused() {
    SamplerStep squares =
        new SamplerStep() {
          @Override
          public double timestep() {
            return 500;
          }

          @Override
          public double alphasCumprod() {
            return 0.5;
          }

          @Override
          public boolean usesNoise() {
            return false;
          }

          @Override
          public void advance(SamplerState state, int row, boolean guided) {
            state.x()[row] *= state.x()[row];
          }
        };
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> StepNumbers.of(squares, PredictionType.EPSILON, OptionalDouble.empty(), false));
    assertTrue(e.getMessage().endsWith("found another step at timestep 500.0"), e.getMessage());
  }
}
