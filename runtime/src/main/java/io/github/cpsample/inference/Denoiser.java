package io.github.cpsample.inference;

import io.github.cpsample.diffusion.SamplerState;
import java.util.List;
import java.util.Objects;

/** Predicts for any images, each at its own timestep. Belongs to one thread. */
public interface Denoiser {
  /**
   * One image of a call.
   *
   * @param image x_t, in the variance-preserving scale; receives the prediction and, where the
   *     denoiser learned a variance and the state has room for it, the variance
   * @param timestep the original training timestep, may be fractional
   * @param conditions what the prediction is conditioned on
   */
  record Row(SamplerState image, double timestep, Conditions conditions) {
    public Row {
      Objects.requireNonNull(image, "image");
      Objects.requireNonNull(conditions, "conditions");
    }
  }

  /**
   * Predicts. What a row gets does not depend on the other rows, up to rounding.
   *
   * @param rows the images, at least one; their order is theirs
   * @throws IllegalArgumentException if conditions are not those of the denoiser's inputs, or it
   *     does not take a timestep
   * @throws io.github.cpsample.inference.InferenceException if the network fails
   */
  void predict(List<Row> rows);
}
