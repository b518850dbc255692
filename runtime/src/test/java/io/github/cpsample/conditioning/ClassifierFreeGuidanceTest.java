package io.github.cpsample.conditioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.cpsample.denoiser.Denoiser;
import io.github.cpsample.diffusion.SamplerMemory;
import io.github.cpsample.diffusion.SamplerState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The combination against its formula, with a denoiser whose predictions can be written down. */
class ClassifierFreeGuidanceTest {
  private static final int SIZE = 6;

  /** x + 2 without the condition, 3 x - t with it; the variances are 10 and 20 more. */
  private static final Denoiser PAIRED =
      (state, rows, timestep) -> {
        for (int row = 0; row < rows; row++) {
          for (int i = state.offset(row); i < state.offset(row) + SIZE; i++) {
            boolean with = row % 2 == 1;
            float x = state.x()[i];
            state.prediction()[i] = with ? 3 * x - (float) timestep : x + 2;
            if (state.variance().length > 0) {
              state.variance()[i] = state.prediction()[i] + (with ? 20 : 10);
            }
          }
        }
      };

  @ParameterizedTest
  @CsvSource({"1.5, 0", "7.5, 0", "7.5, 0.7", "3, 1"})
  void isTheWeightedDifference(double scale, double rescale) {
    SamplerState state = new SamplerState(3, SIZE, new SamplerMemory(0, 0, true));
    for (int i = 0; i < state.x().length; i++) {
      state.x()[i] = (float) Math.sin(i);
    }
    new ClassifierFreeGuidance(PAIRED, new Guidance(scale, rescale), 3, SIZE, true)
        .predict(state, 2, 4);
    for (int row = 0; row < 2; row++) {
      double[] with = new double[SIZE];
      double[] guided = new double[SIZE];
      for (int i = 0; i < SIZE; i++) {
        double x = state.x()[row * SIZE + i];
        with[i] = 3 * x - 4;
        guided[i] = x + 2 + scale * (with[i] - (x + 2));
      }
      double factor = rescale * spread(with) / spread(guided) + 1 - rescale;
      for (int i = 0; i < SIZE; i++) {
        assertEquals(factor * guided[i], state.prediction()[row * SIZE + i], 1e-4);
        assertEquals(with[i] + 20, state.variance()[row * SIZE + i], 1e-5);
      }
    }
    for (int i = 2 * SIZE; i < 3 * SIZE; i++) {
      assertEquals(0, state.prediction()[i], "rows beyond the batch stay as they are");
    }
  }

  @Test
  void refusesWhatIsNoWeight() {
    assertThrows(IllegalArgumentException.class, () -> new Guidance(Double.NaN, 0));
    assertThrows(IllegalArgumentException.class, () -> new Guidance(-1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Guidance(2, 1.1));
    assertThrows(
        IllegalArgumentException.class, () -> Conditioning.NONE.withGuidanceScale(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> Conditioning.NONE.withNullClass(-1));
  }

  /** Of the sample, as torch.std computes it; the ratio is that of the population. */
  private static double spread(double[] values) {
    double sum = 0;
    double squares = 0;
    for (double value : values) {
      sum += value;
      squares += value * value;
    }
    return Math.sqrt((squares - sum * sum / values.length) / (values.length - 1));
  }
}
