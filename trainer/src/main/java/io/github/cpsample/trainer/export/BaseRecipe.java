package io.github.cpsample.trainer.export;

import io.github.cpsample.trainer.data.DatasetFingerprint;
import io.github.cpsample.trainer.training.DenoiserSettings;
import io.github.cpsample.trainer.training.LossPoint;
import java.util.List;
import java.util.Objects;

/**
 * How a base was made; stored as {@code recipe.json}.
 *
 * @param settings what was trained, with the seed
 * @param steps updates
 * @param data fingerprint of the training images under the salt {@link DenoiserBase#SALT}, which is
 *     public: bases are trained on images that everybody may know
 * @param sha256 hash of {@code denoiser.onnx}
 * @param curve loss by step
 */
public record BaseRecipe(
    DenoiserSettings settings,
    long steps,
    DatasetFingerprint data,
    String sha256,
    List<LossPoint> curve) {

  public BaseRecipe {
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(sha256, "sha256");
    curve = List.copyOf(curve);
  }
}
