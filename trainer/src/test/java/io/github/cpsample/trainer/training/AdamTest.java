package io.github.cpsample.trainer.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;

class AdamTest {

  /** The published algorithm, element by element in double. */
  @Test
  void equalsTheScalarAlgorithm() {
    float[] weights = {1f, -2f, 0.5f};
    OptimizerConfig config =
        new OptimizerConfig(0.1f, 0, OptimizerConfig.Decay.CONSTANT, 0.2f, 1e9f, 0.9f);
    double[] w = {1, -2, 0.5};
    double[] average = w.clone();
    double[] m = new double[3];
    double[] v = new double[3];
    float[] state;
    float[] averaged;
    try (NDManager manager = TorchEngine.newManager()) {
      Optimization.Adam adam = new Optimization.Adam(manager, TrainingState.start(weights), config);
      for (int step = 0; step < 25; step++) {
        double scale = step == 3 ? 0.25 : 1;
        float[] g = {(float) Math.sin(step), 2f - step * 0.1f, -0.01f};
        try (NDManager local = manager.newSubManager()) {
          NDArray unused = adam.leaf(local);
          adam.update(local.create(g), (float) scale, 0.1f, step);
          unused.close();
        }
        for (int i = 0; i < 3; i++) {
          double gradient = g[i] * scale;
          w[i] -= 0.1 * 0.2 * w[i];
          m[i] = 0.9 * m[i] + 0.1 * gradient;
          v[i] = 0.999 * v[i] + 0.001 * gradient * gradient;
          double mean = m[i] / (1 - Math.pow(0.9, step + 1.0));
          double variance = v[i] / (1 - Math.pow(0.999, step + 1.0));
          w[i] -= 0.1 * mean / (Math.sqrt(variance) + 1e-8);
          double decay = Math.min((double) 0.9f, (1.0 + step) / (10.0 + step));
          average[i] = decay * average[i] + (1 - decay) * w[i];
        }
      }
      state = adam.state(25).weights();
      averaged = adam.averagedWeights();
    }
    assertArrayEquals(floats(w), state, 2e-5f);
    assertArrayEquals(floats(average), averaged, 2e-5f);
  }

  private static float[] floats(double[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) values[i];
    }
    return result;
  }
}
