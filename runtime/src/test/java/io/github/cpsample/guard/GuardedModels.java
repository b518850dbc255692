package io.github.cpsample.guard;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.sampling.TinyModel;
import java.nio.file.Path;
import java.util.List;

/** Bundles of {@link TinyModel} with a memorisation curve of their own. */
final class GuardedModels {

  private GuardedModels() {}

  static Manifest manifest(TinyModel tiny, List<Manifest.MemorisationPoint> curve) {
    Manifest plain = tiny.manifest(0);
    return new Manifest(
        plain.name(),
        plain.tools(),
        plain.files(),
        plain.image(),
        plain.schedule(),
        plain.denoiser(),
        plain.classifier(),
        plain.sampler(),
        plain.protection(),
        curve,
        plain.training(),
        plain.data());
  }

  static ModelBundle open(Path folder, TinyModel tiny, List<Manifest.MemorisationPoint> curve) {
    Path directory = folder.resolve("bundle-" + curve.size());
    BundleWriter.of(manifest(tiny, curve))
        .file("denoiser.onnx", TinyModel.denoiser(0))
        .file("classifier.onnx", tiny.classifier())
        .toDirectory(directory);
    return ModelBundle.open(directory);
  }

  static Manifest.MemorisationPoint point(int t, double auc) {
    return new Manifest.MemorisationPoint(
        t, 0.999, 0.9996, new Manifest.MemorisationPoint.HeldOut(0.5, 0.96, auc, 0.5));
  }

  /** A different picture for every number. */
  static FloatImage picture(int number) {
    float[] values = new float[TinyModel.SHAPE.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(1 + i * (0.7 * number + 1));
    }
    return FloatImage.copyOf(TinyModel.SHAPE, values, 0);
  }
}
