import io.github.cpsample.plugin.ImageOperation;
import io.github.cpsample.plugin.ProtectedImageProvider;
import io.github.cpsample.provider.BundleProvider;
import io.github.cpsample.provider.ContactSheetOperation;
import io.github.cpsample.provider.FitOperation;
import io.github.cpsample.provider.VariationOperation;

/**
 * Protected sampling. Start with {@link io.github.cpsample.sampling.ProtectedSampler}; the packages
 * that are exported to all are those whose types appear in its signatures or check its images.
 */
module io.github.cpsample.runtime {
  requires transitive io.github.cpsample.onnx;
  requires transitive java.desktop;
  requires io.github.cpsample.plugin;
  requires com.google.gson;
  requires com.microsoft.onnxruntime;
  requires com.twelvemonkeys.imageio.metadata;
  requires static org.jspecify;
  // ONNX Runtime logs, and says so nowhere.
  requires java.logging;

  exports io.github.cpsample.bundle;
  exports io.github.cpsample.inference;
  exports io.github.cpsample.diffusion;
  exports io.github.cpsample.guard;
  exports io.github.cpsample.image;
  exports io.github.cpsample.protection;
  exports io.github.cpsample.sampling;
  exports io.github.cpsample.diffusers to
      io.github.cpsample.trainer,
      io.github.cpsample.tools;
  exports io.github.cpsample.latent to
      io.github.cpsample.trainer,
      io.github.cpsample.tools;

  uses io.github.cpsample.inference.TokenizerProvider;

  provides ProtectedImageProvider with
      BundleProvider;
  provides ImageOperation with
      ContactSheetOperation,
      FitOperation,
      VariationOperation;
}
