package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Subject;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A gate that asks about the image which the denoiser sees in x_t. */
class PredictedSubjectTest {
  private static final int BITS = 8;
  private static final double SCALE = 3;
  private final TinyModel model = new TinyModel(BITS, 4);

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(PredictionType.class)
  void certaintyAndGuidanceAreThoseOfTheClippedImage(PredictionType type) {
    ProtectionSettings settings =
        ProtectionSettings.of("code", "opposite-label", 0.3, SCALE, 0, 999).withAsks(Subject.X_0);
    int[] seen = {0, 0};
    try (ModelBundle bundle = TinyBundles.open(folder, model, 0, type, true, settings);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu());
        InferenceSession classifier =
            InferenceSession.open(
                "classifier",
                model.classifier(),
                ResolvedDevice.of(Device.cpu()),
                SessionSettings.defaults())) {
      sampler.sample(
          SampleRequest.of(6).withSteps(9).withBatchSize(4),
          Progress.none(),
          step -> {
            for (int row = 0; row < step.rows(); row++) {
              float[] image = step.sample(row);
              for (int i = 0; i < image.length; i++) {
                seen[1] += Math.abs(image[i]) > 1 ? 1 : 0;
                image[i] = Math.max(-1, Math.min(1, image[i]));
              }
              double certainty = certainty(classifier, image, step.timestep(row));
              assertEquals(certainty, step.certainty(row), 1e-5);
              if (step.guarded(row)) {
                seen[0]++;
                assertGuidance(step, row, image);
              }
            }
          });
    }
    assertTrue(seen[0] > 5, "a test of protection needs guarded steps");
    assertTrue(seen[1] > 5, "a test of clipping needs values beyond [-1, 1]");
  }

  private static double certainty(InferenceSession classifier, float[] image, double timestep) {
    TensorBuffer x = TensorBuffer.floats(1, 1, 4, 4);
    TensorBuffer t = TensorBuffer.floats(1);
    TensorBuffer logits = TensorBuffer.floats(1, BITS);
    x.asFloats().put(image);
    t.asFloats().put((float) timestep);
    classifier.run(Map.of("x", x, "t", t), Map.of("logits", logits));
    double product = 1;
    for (int k = 0; k < BITS; k++) {
      double p = 1 / (1 + Math.exp(-logits.asFloats().get(k)));
      product *= Math.max(p, 1 - p);
    }
    return Math.pow(product, 1.0 / BITS);
  }

  /** s / sqrt(abar) times the gradient of mean_k log p(1 - y*_k), by central differences. */
  private void assertGuidance(ObservedStep step, int row, float[] image) {
    double[] x = new double[image.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = image[i];
    }
    double[] labels = model.logits(x, step.timestep(row));
    float[] guidance = step.guidance(row);
    double h = 1e-5;
    for (int i = 0; i < x.length; i++) {
      double at = x[i];
      x[i] = at + h;
      double above = against(labels, x, step.timestep(row));
      x[i] = at - h;
      double below = against(labels, x, step.timestep(row));
      x[i] = at;
      double slope = (above - below) / (2 * h);
      double expected = SCALE * slope / Math.sqrt(step.alphasCumprod(row));
      assertEquals(expected, guidance[i], 1e-3 * (1 + Math.abs(expected)), "value " + i);
    }
  }

  private double against(double[] labels, double[] x, double timestep) {
    double[] logits = model.logits(x, timestep);
    double sum = 0;
    for (int k = 0; k < BITS; k++) {
      double other = labels[k] >= 0 ? -logits[k] : logits[k];
      sum -= Math.log1p(Math.exp(-other)) / BITS;
    }
    return sum;
  }
}
