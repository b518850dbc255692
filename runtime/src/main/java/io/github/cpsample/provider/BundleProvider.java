package io.github.cpsample.provider;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.BundleException;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.plugin.ModelDescription;
import io.github.cpsample.plugin.ProtectedImageException;
import io.github.cpsample.plugin.ProtectedImageException.Reason;
import io.github.cpsample.plugin.ProtectedImageGenerator;
import io.github.cpsample.plugin.ProtectedImageProvider;
import io.github.cpsample.sampling.ProtectedSampler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Offers the models that lie beside this library, in whatever class loader it was loaded, and
 * bundles from disk. Thread-safe.
 */
public final class BundleProvider implements ProtectedImageProvider {
  /** Called by {@link java.util.ServiceLoader}. */
  public BundleProvider() {}

  @Override
  public String name() {
    return "cpsample";
  }

  @Override
  public String description() {
    return "Diffusion models that do not reproduce their training images (Classifier-Protected Sampling)";
  }

  @Override
  public List<ModelDescription> models() {
    try {
      List<ModelDescription> models = new ArrayList<>();
      for (String name : ModelBundle.names()) {
        models.add(describe(ModelBundle.manifestOf(name)));
      }
      return List.copyOf(models);
    } catch (BundleException e) {
      throw new ProtectedImageException(Reason.MODEL_REFUSED, Checks.message(e), e);
    }
  }

  @Override
  public ProtectedImageGenerator open(String model, String device) {
    if (!ModelBundle.names().contains(model)) {
      throw new ProtectedImageException(
          Reason.NOT_FOUND, "no model named '" + model + "'; found: " + ModelBundle.names());
    }
    return open(() -> ModelBundle.named(model), device);
  }

  @Override
  public ProtectedImageGenerator open(Path model, String device) {
    if (!Files.exists(model)) {
      throw new ProtectedImageException(
          Reason.NOT_FOUND, "model " + model + ": expected a folder or a zip file, found nothing");
    }
    return open(() -> ModelBundle.open(model), device);
  }

  static ModelDescription describe(Manifest manifest) {
    return new ModelDescription(
        manifest.name(),
        manifest.image().channels(),
        manifest.image().height(),
        manifest.image().width(),
        manifest.denoiser().classes());
  }

  private static ProtectedImageGenerator open(Supplier<ModelBundle> source, String device) {
    ResolvedDevice resolved = resolve(device);
    try (ModelBundle bundle = source.get()) {
      return new SamplerGenerator(
          ProtectedSampler.open(bundle, resolved, SessionSettings.defaults()));
    } catch (RuntimeException e) {
      throw new ProtectedImageException(Reason.MODEL_REFUSED, Checks.message(e), e);
    }
  }

  private static ResolvedDevice resolve(String device) {
    try {
      return ResolvedDevice.of(Device.parse(device));
    } catch (IllegalArgumentException e) {
      throw new ProtectedImageException(Reason.INVALID_REQUEST, Checks.message(e), e);
    } catch (InferenceException e) {
      throw new ProtectedImageException(Reason.DEVICE_UNAVAILABLE, Checks.message(e), e);
    } catch (LinkageError e) {
      throw new ProtectedImageException(
          Reason.DEVICE_UNAVAILABLE,
          "ONNX Runtime cannot be loaded: add com.microsoft.onnxruntime:onnxruntime to the host's class path, or use the"
              + " plugin jar that includes it ("
              + e
              + ")",
          e);
    }
  }
}
