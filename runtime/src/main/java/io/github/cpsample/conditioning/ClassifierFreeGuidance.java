package io.github.cpsample.conditioning;

import io.github.cpsample.denoiser.Denoiser;
import io.github.cpsample.diffusion.SamplerMemory;
import io.github.cpsample.diffusion.SamplerState;

/**
 * Classifier-free guidance (Ho and Salimans, 2022, arXiv 2207.12598): {@code p = p_u + w (p_c -
 * p_u)} of the predictions with and without the condition, whatever the denoiser predicts, with w
 * counted as Diffusers does: 1 is the conditional prediction. Both come from one batch of twice the
 * rows, image after image, first without the condition.
 *
 * <p>The spread of the result can be brought back to that of the conditional prediction (Lin et
 * al., 2023, arXiv 2305.08891, section 3.4): {@code r p std(p_c) / std(p) + (1 - r) p}, standard
 * deviations over an image. A learned variance is the conditional one.
 *
 * <p>Protection knows nothing of this: the classifier receives the same x_t, and its guidance
 * shifts the score that this prediction stands for.
 */
public final class ClassifierFreeGuidance implements Denoiser {
  private final Denoiser paired;
  private final Guidance guidance;
  private final SamplerState pairs;

  /**
   * Guides a denoiser.
   *
   * @param paired predicts without the condition for rows 0, 2, 4, ..., with it for 1, 3, 5, ...
   * @param guidance how strongly
   * @param rows the largest batch of images
   * @param rowSize the number of values of an image
   * @param variances whether a learned variance is wanted
   */
  public ClassifierFreeGuidance(
      Denoiser paired, Guidance guidance, int rows, int rowSize, boolean variances) {
    this.paired = paired;
    this.guidance = guidance;
    this.pairs =
        new SamplerState(Math.multiplyExact(2, rows), rowSize, new SamplerMemory(0, 0, variances));
  }

  @Override
  public void predict(SamplerState state, int rows, double timestep) {
    int size = state.rowSize();
    for (int row = 0; row < rows; row++) {
      System.arraycopy(state.x(), state.offset(row), pairs.x(), pairs.offset(2 * row), size);
      System.arraycopy(state.x(), state.offset(row), pairs.x(), pairs.offset(2 * row + 1), size);
    }
    paired.predict(pairs, 2 * rows, timestep);
    for (int row = 0; row < rows; row++) {
      combine(state, row);
      if (state.variance().length > 0) {
        System.arraycopy(
            pairs.variance(), pairs.offset(2 * row + 1), state.variance(), state.offset(row), size);
      }
    }
  }

  private void combine(SamplerState state, int row) {
    float[] found = pairs.prediction();
    float[] result = state.prediction();
    int without = pairs.offset(2 * row);
    int with = pairs.offset(2 * row + 1);
    int to = state.offset(row);
    float scale = (float) guidance.scale();
    for (int i = 0; i < state.rowSize(); i++) {
      result[to + i] = found[without + i] + scale * (found[with + i] - found[without + i]);
    }
    if (guidance.rescale() > 0) {
      double wanted = deviation(found, with, state.rowSize());
      double spread = deviation(result, to, state.rowSize());
      double factor = spread > 0 ? wanted / spread : 1;
      double share = guidance.rescale() * factor + 1 - guidance.rescale();
      for (int i = 0; i < state.rowSize(); i++) {
        result[to + i] = (float) (share * result[to + i]);
      }
    }
  }

  private static double deviation(float[] values, int from, int count) {
    double mean = 0;
    for (int i = from; i < from + count; i++) {
      mean += values[i] / (double) count;
    }
    double variance = 0;
    for (int i = from; i < from + count; i++) {
      variance += (values[i] - mean) * (values[i] - mean) / count;
    }
    return Math.sqrt(variance);
  }
}
