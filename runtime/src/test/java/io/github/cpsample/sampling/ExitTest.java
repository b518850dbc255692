package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.inference.Device;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.Subject;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The smallest move out of the certain region, of classifiers for which it can be written down. */
class ExitTest {
  private static final double ALPHA = 0.2;
  private static final double CAP = 0.5;

  @TempDir private Path folder;

  /** How often a move was or was not as long as it may be. */
  private int free;

  private int capped;

  @ParameterizedTest
  @CsvSource({"1, X_T", "1, X_0", "8, X_T", "8, X_0"})
  void leavesTheCertainRegionByTheShortestWay(int bits, Subject subject) {
    sample(new LinearClassifier(bits, 0.8, 1), bits, subject);
    sample(new LinearClassifier(bits, 0.15, 5), bits, subject);
    assertTrue(free > 5 && capped > 5, free + " free moves, " + capped + " capped ones");
  }

  private void sample(LinearClassifier linear, int bits, Subject subject) {
    try (ModelBundle bundle = linear.open(folder);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      SampleRequest request =
          SampleRequest.of(20)
              .withSteps(12)
              .withAlpha(ALPHA)
              .withAsks(subject)
              .withCorrection(Correction.PAPER.withKind(Correction.Kind.EXIT));
      sampler.sample(
          request,
          Progress.none(),
          step -> {
            for (int row = 0; row < step.rows(); row++) {
              if (step.guarded(row)) {
                assertLeaves(linear, bits, subject, step, row);
              }
            }
          });
    }
  }

  private void assertLeaves(
      LinearClassifier linear, int bits, Subject subject, ObservedStep step, int row) {
    NoiseLevel level = NoiseLevel.of(step.timestep(row), step.alphasCumprod(row));
    boolean image = subject == Subject.X_0;
    float[] seen = image ? step.sample(row) : step.before(row);
    double[] from = new double[seen.length];
    double[] to = new double[seen.length];
    double[] move = new double[seen.length];
    double square = 0;
    for (int i = 0; i < seen.length; i++) {
      from[i] = image ? Math.max(-1, Math.min(1, seen[i])) : seen[i];
      double ofSample = level.guidanceInSample() * step.guidance(row)[i];
      move[i] = image ? ofSample : level.signal() * ofSample;
      to[i] = from[i] + move[i];
      square += move[i] * move[i];
    }
    assertEquals(linear.certainty(from), step.certainty(row), 1e-5);
    assertEquals(linear.logit(0, from), step.logits(row)[0], 1e-4, "of what was asked about");
    double most = CAP * level.spread() / (image ? level.signal() : 1);
    double length = Math.sqrt(square);
    double rms = length / Math.sqrt(seen.length);
    if (rms > most * (1 - 1e-4)) {
      assertEquals(most, rms, 1e-4 * most);
      capped++;
    } else {
      assertTrue(linear.certainty(to) <= 1 - ALPHA + 1e-5, "" + linear.certainty(to));
      free++;
    }
    if (bits == 1) {
      assertAlongTheGradient(linear.w(0), linear.logit(0, from), move, length, rms >= most * 0.999);
    }
  }

  /**
   * Straight to the plane on which the certainty is {@code 1 - alpha}, and not beyond the one on
   * which it is {@code 1 - 1.1 alpha}.
   */
  private static void assertAlongTheGradient(
      double[] w, double logit, double[] move, double length, boolean capped) {
    double norm = 0;
    double product = 0;
    for (int i = 0; i < w.length; i++) {
      norm += w[i] * w[i];
      product += w[i] * move[i];
    }
    norm = Math.sqrt(norm);
    assertEquals(-Math.signum(logit), product / (norm * length), 1e-5, "the direction");
    double shortest = (Math.abs(logit) - Math.log((1 - ALPHA) / ALPHA)) / norm;
    double beyond = (Math.abs(logit) - Math.log((1 - 1.1 * ALPHA) / (1.1 * ALPHA))) / norm;
    assertTrue(length <= beyond * (1 + 1e-4), length + " of " + beyond);
    assertTrue(capped || length >= shortest * (1 - 1e-4), length + " of " + shortest);
  }
}
