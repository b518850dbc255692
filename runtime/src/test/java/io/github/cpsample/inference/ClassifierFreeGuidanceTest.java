package io.github.cpsample.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.diffusion.SamplerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The combination against its formula, with a denoiser whose predictions can be written down. */
class ClassifierFreeGuidanceTest {
  private static final int SIZE = 6;

  private static final Conditions WITH = Conditions.none().with("c", TensorBuffer.floats(1));
  private static final Conditions WITHOUT = Conditions.none();

  /** x + 2 without the condition, 3 x - t with it; the variances are 10 and 20 more. */
  private static final Denoiser DENOISER =
      rows -> {
        for (Denoiser.Row row : rows) {
          boolean with = row.conditions() == WITH;
          SamplerState image = row.image();
          for (int i = 0; i < SIZE; i++) {
            float x = image.x()[i];
            image.prediction()[i] = with ? 3 * x - (float) row.timestep() : x + 2;
            if (image.variance().length > 0) {
              image.variance()[i] = image.prediction()[i] + (with ? 20 : 10);
            }
          }
        }
      };

  @ParameterizedTest
  @CsvSource({"1.5, 0", "7.5, 0", "7.5, 0.7", "3, 1"})
  void isTheWeightedDifference(double scale, double rescale) {
    Conditions.Guided guided =
        new Conditions.Guided(
            WITH, Optional.of(WITHOUT), new Conditioning.Guidance(scale, rescale));
    Conditions.Guided plain =
        new Conditions.Guided(WITH, Optional.empty(), Conditioning.Guidance.NONE);
    List<ClassifierFreeGuidance.Row> rows = new ArrayList<>();
    for (int row = 0; row < 3; row++) {
      SamplerState image = new SamplerState(SIZE, new Sampler.Memory(0, false, true));
      for (int i = 0; i < SIZE; i++) {
        image.x()[i] = (float) Math.sin(row * SIZE + i);
      }
      rows.add(new ClassifierFreeGuidance.Row(image, 4 + row, row == 1 ? plain : guided));
    }
    new ClassifierFreeGuidance(DENOISER).predict(rows);
    for (ClassifierFreeGuidance.Row row : rows) {
      double[] with = new double[SIZE];
      double[] expected = new double[SIZE];
      boolean weighed = row.conditions().equals(guided);
      for (int i = 0; i < SIZE; i++) {
        double x = row.image().x()[i];
        with[i] = 3 * x - row.timestep();
        expected[i] = weighed ? x + 2 + scale * (with[i] - (x + 2)) : with[i];
      }
      double factor = weighed ? rescale * spread(with) / spread(expected) + 1 - rescale : 1;
      for (int i = 0; i < SIZE; i++) {
        assertEquals(factor * expected[i], row.image().prediction()[i], 1e-4);
        assertEquals(with[i] + 20, row.image().variance()[i], 1e-5);
      }
    }
  }

  @Test
  void refusesWhatIsNoWeight() {
    assertThrows(IllegalArgumentException.class, () -> new Conditioning.Guidance(Double.NaN, 0));
    assertThrows(IllegalArgumentException.class, () -> new Conditioning.Guidance(-1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Conditioning.Guidance(2, 1.1));
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
