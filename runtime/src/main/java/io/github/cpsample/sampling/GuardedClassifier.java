package io.github.cpsample.sampling;

import io.github.cpsample.bundle.ClassifierSpec;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.onnx.autodiff.ReverseDifferentiator;
import io.github.cpsample.protection.Certainty;
import io.github.cpsample.protection.ProtectionSettings;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * Classifier, gate and gradient for the batches of one request: forward for all rows, backward for
 * those that the gate guards. Owns its buffers; belongs to one thread.
 */
final class GuardedClassifier {
  private final Networks networks;
  private final ClassifierSpec spec;
  private final ProtectionSettings protection;
  private final int size;
  private final int bits;
  private final TensorBuffer xBuffer;
  private final TensorBuffer tBuffer;
  private final TensorBuffer logitsBuffer;
  private final TensorBuffer guardedX;
  private final TensorBuffer guardedT;
  private final TensorBuffer cotangents;
  private final TensorBuffer gradients;
  private final float[] logits;
  private final float[] cotangent;
  private final int[] guardedRows;
  private final boolean[] guarded;

  GuardedClassifier(
      Networks networks,
      ClassifierSpec spec,
      ImageShape shape,
      ProtectionSettings protection,
      int rows) {
    this.networks = networks;
    this.spec = spec;
    this.protection = protection;
    this.size = shape.size();
    this.bits = spec.bits();
    this.xBuffer = TensorBuffer.floats(rows, shape.channels(), shape.height(), shape.width());
    this.tBuffer = TensorBuffer.floats(rows);
    this.logitsBuffer = TensorBuffer.floats(rows, bits);
    this.guardedX = TensorBuffer.floats(rows, shape.channels(), shape.height(), shape.width());
    this.guardedT = TensorBuffer.floats(rows);
    this.cotangents = TensorBuffer.floats(rows, bits);
    this.gradients = TensorBuffer.floats(rows, shape.channels(), shape.height(), shape.width());
    this.logits = new float[rows * bits];
    this.cotangent = new float[rows * bits];
    this.guardedRows = new int[rows];
    this.guarded = new boolean[rows];
  }

  /** Whether the last call of {@link #ask} guarded a row. */
  boolean guards(int row) {
    return guarded[row];
  }

  /** Certainty of a row in the last call of {@link #ask}. */
  double certainty(int row) {
    return Certainty.of(logits, row * bits, bits);
  }

  /** Lends the logits of the last call of {@link #ask}. */
  void answer(StepOutcome outcome) {
    outcome.answeredWith(logits, bits);
  }

  /**
   * Asks the classifier about a batch and computes the guidance of the rows that are guarded.
   *
   * @param state x_t, [N,C,H,W]; receives g = s grad log p of the guarded rows in guidance
   * @param rows how many images, in [1, N]
   * @param timestep of all of them
   */
  void ask(SamplerState state, int rows, double timestep) {
    xBuffer.asFloats().put(state.x(), 0, rows * size);
    for (int row = 0; row < rows; row++) {
      tBuffer.asFloats().put(row, (float) timestep);
    }
    TensorBuffer out = logitsBuffer.rows(rows);
    networks
        .classifier()
        .run(
            Map.of(spec.input(), xBuffer.rows(rows), spec.timestep(), tBuffer.rows(rows)),
            Map.of(spec.output(), out));
    out.asFloats().get(logits, 0, rows * bits);
    int count = 0;
    for (int row = 0; row < rows; row++) {
      NonFiniteException.check("classifier's logits", logits, row, bits);
      guarded[row] = protection.guards(logits, row * bits, bits);
      if (guarded[row]) {
        guardedRows[count++] = row;
      }
    }
    if (count > 0) {
      differentiate(count, state, (float) timestep);
    }
  }

  private void differentiate(int count, SamplerState state, float t) {
    FloatBuffer gatheredX = guardedX.asFloats();
    FloatBuffer gatheredT = guardedT.asFloats();
    FloatBuffer seeds = cotangents.asFloats();
    for (int i = 0; i < count; i++) {
      int row = guardedRows[i];
      gatheredX.put(state.x(), state.offset(row), size);
      gatheredT.put(t);
      protection.cotangent(logits, cotangent, row * bits, bits);
      seeds.put(cotangent, row * bits, bits);
    }
    TensorBuffer out = gradients.rows(count);
    networks
        .gradient()
        .run(
            Map.of(
                spec.input(),
                guardedX.rows(count),
                spec.timestep(),
                guardedT.rows(count),
                ReverseDifferentiator.seedOf(spec.output()),
                cotangents.rows(count)),
            Map.of(ReverseDifferentiator.gradientOf(spec.input()), out));
    FloatBuffer values = out.asFloats();
    for (int i = 0; i < count; i++) {
      values.get(state.guidance(), state.offset(guardedRows[i]), size);
    }
  }
}
