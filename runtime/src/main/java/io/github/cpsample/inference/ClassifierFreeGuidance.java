package io.github.cpsample.inference;

import io.github.cpsample.diffusion.SamplerState;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/**
 * Classifier-free guidance (Ho and Salimans, 2022, arXiv 2207.12598): {@code p = p_u + w (p_c -
 * p_u)} of the predictions with and without the condition, whatever the denoiser predicts, with w
 * counted as Diffusers does: 1 is the conditional prediction. Both are rows of one call, image
 * after image, first without the condition; images that are not guided have one row.
 *
 * <p>The spread of the result can be brought back to that of the conditional prediction (Lin et
 * al., 2023, arXiv 2305.08891, section 3.4): {@code r p std(p_c) / std(p) + (1 - r) p}, standard
 * deviations over an image. A learned variance is the conditional one.
 *
 * <p>Protection knows nothing of this: the classifier receives the same x_t, and its guidance
 * shifts the score that this prediction stands for.
 */
public final class ClassifierFreeGuidance {
  private final Denoiser denoiser;
  private final List<SamplerState> spare = new ArrayList<>();

  /**
   * One image of a call.
   *
   * @param image x_t; receives the prediction and, where there is room for it, the variance
   * @param timestep the original training timestep, may be fractional
   * @param conditions what the prediction is conditioned on
   */
  public record Row(SamplerState image, double timestep, Conditions.Guided conditions) {
    public Row {
      Objects.requireNonNull(image, "image");
      Objects.requireNonNull(conditions, "conditions");
    }
  }

  /**
   * Guides a denoiser.
   *
   * @param denoiser predicts with and without the conditions
   */
  public ClassifierFreeGuidance(Denoiser denoiser) {
    this.denoiser = denoiser;
  }

  /**
   * Predicts for images that may be at different timesteps, under different conditions.
   *
   * @param rows the images, at least one
   * @throws io.github.cpsample.inference.InferenceException if the network fails
   */
  public void predict(List<Row> rows) {
    List<Denoiser.Row> asked = new ArrayList<>(2 * rows.size());
    List<SamplerState> without = new ArrayList<>();
    for (Row row : rows) {
      Conditions.Guided conditions = row.conditions();
      if (conditions.without().isPresent()) {
        SamplerState twin = spare(without.size(), row.image());
        without.add(twin);
        asked.add(new Denoiser.Row(twin, row.timestep(), conditions.without().get()));
      }
      asked.add(new Denoiser.Row(row.image(), row.timestep(), conditions.with()));
    }
    denoiser.predict(asked);
    Iterator<SamplerState> twins = without.iterator();
    for (Row row : rows) {
      if (row.conditions().without().isPresent()) {
        combine(twins.next().prediction(), row.image().prediction(), row.conditions().guidance());
      }
    }
  }

  /** A state with the x of an image, for its prediction without the condition. */
  private SamplerState spare(int index, SamplerState image) {
    if (index == spare.size()) {
      spare.add(new SamplerState(image.size()));
    }
    System.arraycopy(image.x(), 0, spare.get(index).x(), 0, image.size());
    return spare.get(index);
  }

  /** Replaces the prediction with the condition by the guided one. */
  private static void combine(float[] without, float[] with, Conditioning.Guidance guidance) {
    double wanted = guidance.rescale() > 0 ? deviation(with) : 0;
    float scale = (float) guidance.scale();
    for (int i = 0; i < with.length; i++) {
      with[i] = without[i] + scale * (with[i] - without[i]);
    }
    if (guidance.rescale() > 0) {
      double spread = deviation(with);
      double factor = spread > 0 ? wanted / spread : 1;
      double share = guidance.rescale() * factor + 1 - guidance.rescale();
      for (int i = 0; i < with.length; i++) {
        with[i] = (float) (share * with[i]);
      }
    }
  }

  private static double deviation(float[] values) {
    double mean = 0;
    for (float value : values) {
      mean += value / (double) values.length;
    }
    double variance = 0;
    for (float value : values) {
      variance += (value - mean) * (value - mean) / values.length;
    }
    return Math.sqrt(variance);
  }
}
