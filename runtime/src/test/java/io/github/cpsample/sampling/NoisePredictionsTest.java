package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.ProtectionSettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Single predictions against {@link TinyModel}'s formulas, written out in double. */
class NoisePredictionsTest {

  private static final int SIZE = TinyModel.SHAPE.size();
  private static final int ROWS = 7;
  private static final double SCALE = 3;

  /** Float networks of values about 1, and guidance of up to about 10. */
  private static final double FLOAT = 2e-5;

  private static final TinyModel TINY = new TinyModel(8, 4);

  @TempDir Path folder;

  @Test
  void unprotectedIsTheDenoisersNoise() {
    float[] images = images();
    float[] before = images.clone();
    try (ProtectedSampler sampler = open(PredictionType.EPSILON, 0.3, 0, 999)) {
      NoisePredictions predictions = sampler.predictions(request().withProtection(false));
      float[] epsilon = predictions.epsilon(images, ROWS, 300);
      for (int i = 0; i < images.length; i++) {
        assertEquals(TinyModel.prediction(images[i], 300, 0), epsilon[i], FLOAT);
      }
      assertArrayEquals(before, images);
      assertEquals(TinyModel.SHAPE, predictions.shape());
    }
  }

  @Test
  void velocitiesAreTurnedIntoNoise() {
    float[] images = images();
    double abar = alphasCumprod(300);
    try (ProtectedSampler sampler = open(PredictionType.V_PREDICTION, 0.3, 0, 999)) {
      float[] epsilon =
          sampler.predictions(request().withProtection(false)).epsilon(images, ROWS, 300);
      for (int i = 0; i < images.length; i++) {
        double velocity = TinyModel.prediction(images[i], 300, 0);
        assertEquals(
            Math.sqrt(abar) * velocity + Math.sqrt(1 - abar) * images[i], epsilon[i], FLOAT);
      }
    }
  }

  @Test
  void protectedIsShiftedWhereTheGateGuards() {
    float[] images = images();
    double alpha = 0.15;
    int guarded = 0;
    try (ProtectedSampler sampler = open(PredictionType.EPSILON, alpha, 0, 999)) {
      float[] epsilon = sampler.predictions(request()).epsilon(images, ROWS, 300);
      for (int row = 0; row < ROWS; row++) {
        double[] shift = shift(row(images, row), 300, alpha);
        guarded += Arrays.stream(shift).anyMatch(x -> x != 0) ? 1 : 0;
        for (int i = 0; i < SIZE; i++) {
          double plain = TinyModel.prediction(images[row * SIZE + i], 300, 0);
          assertEquals(plain + shift[i], epsilon[row * SIZE + i], FLOAT);
        }
      }
    }
    assertTrue(guarded > 0 && guarded < ROWS, guarded + " of the rows are guarded");
  }

  @Test
  void handedOverIsPredictedByTheFallbackWhereTheGateGuards() {
    float[] images = images();
    double alpha = 0.15;
    int guarded = 0;
    Correction handover = new Correction(Correction.Kind.HANDOVER, 1, 1, 0);
    try (ProtectedSampler sampler = open(PredictionType.EPSILON, alpha, 0, 999)) {
      float[] epsilon =
          sampler.predictions(request().withCorrection(handover)).epsilon(images, ROWS, 300);
      for (int row = 0; row < ROWS; row++) {
        boolean guards = Arrays.stream(shift(row(images, row), 300, alpha)).anyMatch(x -> x != 0);
        guarded += guards ? 1 : 0;
        for (int i = 0; i < SIZE; i++) {
          float x = images[row * SIZE + i];
          double less = guards ? TinyModel.FALLBACK_LESS * x : 0;
          double expected = TinyModel.prediction(x, 300, 0) - less;
          assertEquals(expected, epsilon[row * SIZE + i], FLOAT);
        }
      }
    }
    assertTrue(guarded > 0 && guarded < ROWS, guarded + " of the rows are guarded");
  }

  @Test
  void outsideTheGuardedTimestepsNothingIsShifted() {
    float[] images = images();
    try (ProtectedSampler sampler = open(PredictionType.EPSILON, 0.5, 0, 299)) {
      float[] plain =
          sampler.predictions(request().withProtection(false)).epsilon(images, ROWS, 300);
      assertArrayEquals(plain, sampler.predictions(request()).epsilon(images, ROWS, 300));
      float[] inside = sampler.predictions(request()).epsilon(images, ROWS, 299);
      assertTrue(Math.abs(inside[0] - plain[0]) > 1e-3, "guarded always at 299");
    }
  }

  @Test
  void refusesArraysTimestepsAndNumbersThatDoNotFit() {
    ProtectedSampler sampler = open(PredictionType.EPSILON, 0.3, 0, 999);
    NoisePredictions predictions = sampler.predictions(request());
    float[] images = images();
    assertThrows(IllegalArgumentException.class, () -> predictions.epsilon(images, ROWS - 1, 300));
    assertThrows(IllegalArgumentException.class, () -> predictions.epsilon(new float[0], 0, 300));
    assertThrows(IllegalArgumentException.class, () -> predictions.epsilon(images, ROWS, 1000));
    assertThrows(
        IllegalArgumentException.class, () -> predictions.epsilon(images, ROWS, Double.NaN));
    float[] broken = images.clone();
    broken[4 * SIZE + 1] = Float.NaN;
    String message =
        assertThrows(InferenceException.class, () -> predictions.epsilon(broken, ROWS, 300))
            .getMessage();
    assertTrue(message.contains("image 4") && message.contains("NaN"), message);
    sampler.close();
    assertThrows(RuntimeException.class, () -> predictions.epsilon(images, ROWS, 300));
  }

  /** Batches of three, so that seven rows need three. */
  private static SampleRequest request() {
    return SampleRequest.of(3);
  }

  private ProtectedSampler open(PredictionType type, double alpha, int first, int last) {
    ProtectionSettings protection =
        ProtectionSettings.of("code", "opposite-label", alpha, SCALE, first, last);
    try (ModelBundle bundle = TinyBundles.open(folder, TINY, 0, type, true, protection)) {
      return ProtectedSampler.open(bundle, Device.cpu());
    }
  }

  private static float[] images() {
    Random random = new Random(5);
    float[] images = new float[ROWS * SIZE];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    return images;
  }

  private static double[] row(float[] images, int row) {
    double[] values = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      values[i] = images[row * SIZE + i];
    }
    return values;
  }

  /** {@code -sqrt(1 - abar) s grad log p(opposite label)} where the mean log certainty is high. */
  private static double[] shift(double[] x, int t, double alpha) {
    double[] logits = TINY.logits(x, t);
    double[] cotangent = new double[logits.length];
    double certainty = 0;
    for (int k = 0; k < logits.length; k++) {
      double p = 1 / (1 + Math.exp(-logits[k]));
      certainty += Math.log(Math.max(p, 1 - p)) / logits.length;
      cotangent[k] = (logits[k] >= 0 ? -p : 1 - p) / logits.length;
    }
    double[] shift = new double[x.length];
    if (certainty > Math.log(1 - alpha)) {
      double[] gradient = TINY.gradient(x, t, cotangent);
      for (int i = 0; i < x.length; i++) {
        shift[i] = -Math.sqrt(1 - alphasCumprod(t)) * SCALE * gradient[i];
      }
    }
    return shift;
  }

  private static double alphasCumprod(int t) {
    double product = 1;
    for (int i = 0; i <= t; i++) {
      product *= 1 - (1e-4 + (0.02 - 1e-4) * i / 999);
    }
    return product;
  }
}
