package io.github.cpsample.sampling;

import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.bundle.PipelineSpec;
import io.github.cpsample.bundle.SamplerSpec;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.TimestepSpacing;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.protection.ProtectionSettings;
import java.nio.file.Path;
import java.util.Optional;

/** Bundles of {@link TinyModel} with a protection of their own. */
final class TinyBundles {
  private TinyBundles() {}

  /** A sampler of an unconditional model, on one thread. */
  static ProtectedSampler sampler(Path folder, TinyModel model) {
    Path target = folder.resolve("bundle");
    model.bundleWithFallback(0).toDirectory(target);
    try (ModelBundle bundle = ModelBundle.open(target)) {
      SessionSettings settings = new SessionSettings(1, SessionSettings.Optimization.ALL);
      return ProtectedSampler.open(bundle, Device.cpu(), settings);
    }
  }

  /** An epsilon model of 8 bits that pushes with scale 3. */
  static ModelBundle open(Path folder, int classes, double alpha) {
    return open(
        folder,
        new TinyModel(8, 4),
        classes,
        PredictionType.EPSILON,
        true,
        ProtectionSettings.of("code", "opposite-label", alpha, 3, 0, 999));
  }

  /** A model, written into a folder and opened. */
  static ModelBundle open(
      Path folder,
      TinyModel tiny,
      int classes,
      PredictionType type,
      boolean clip,
      ProtectionSettings protection) {
    Manifest manifest = manifest(tiny, classes, type, clip, protection);
    Path zip = folder.resolve("model.zip");
    TinyModel.withFallback(manifest)
        .file("denoiser.onnx", TinyModel.denoiser(classes))
        .file("classifier.onnx", tiny.classifier())
        .toZip(zip);
    return ModelBundle.open(zip);
  }

  /** The manifest of such a model, without files. */
  static Manifest manifest(
      TinyModel tiny,
      int classes,
      PredictionType type,
      boolean clip,
      ProtectionSettings protection) {
    Manifest plain = tiny.manifest(classes);
    return new Manifest(
        plain.name(),
        plain.tools(),
        plain.files(),
        plain.image(),
        plain.schedule(),
        DenoiserSpec.of(type, classes),
        plain.classifier(),
        new SamplerSpec("ddim", 10, 0, TimestepSpacing.LEADING, clip),
        protection,
        plain.memorisation(),
        plain.training(),
        plain.data(),
        protection.correction().kind().handsOver()
            ? PipelineSpec.NONE.withFallback(TinyModel.FALLBACK)
            : PipelineSpec.NONE,
        Optional.empty());
  }

  /** A float64 scalar. */
  static Tensor scalar(double value) {
    return Tensor.of(new double[] {value});
  }
}
