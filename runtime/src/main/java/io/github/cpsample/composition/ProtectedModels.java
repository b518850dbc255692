package io.github.cpsample.composition;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.autodiff.ReverseDifferentiator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The networks of a protected model, ready to share a graph.
 *
 * @param denoiser the denoiser
 * @param fallback the denoiser that goes on with what is guarded, where the model has one
 * @param classifier the classifier
 * @param gradient the classifier with its vector-Jacobian product; has the classifier's constants
 * @param opsets operator set versions by domain, those of both networks
 */
record ProtectedModels(
    OnnxModel denoiser,
    Optional<OnnxModel> fallback,
    OnnxModel classifier,
    OnnxModel gradient,
    Map<String, Long> opsets) {

  /** The first opset whose ReduceSum and Unsqueeze take their axes as an input. */
  private static final int LEAST_OPSET = 13;

  /**
   * Derives the gradient and checks that the networks can share a graph.
   *
   * @throws IllegalArgumentException if their operator sets differ or are too old
   */
  static ProtectedModels of(
      Manifest manifest, OnnxModel denoiser, Optional<OnnxModel> fallback, OnnxModel classifier) {
    Manifest.Classifier spec = manifest.classifier();
    Map<String, Long> opsets = new LinkedHashMap<>(denoiser.opsets());
    share(opsets, "classifier", classifier);
    fallback.ifPresent(it -> share(opsets, "fallback denoiser", it));
    if (denoiser.opset() < LEAST_OPSET) {
      throw new IllegalArgumentException(
          "opset of the networks: expected at least "
              + LEAST_OPSET
              + ", found "
              + denoiser.opset()
              + "; export them for a newer version");
    }
    OnnxModel gradient =
        ReverseDifferentiator.of(classifier)
            .outputs(spec.output())
            .withRespectTo(spec.input())
            .differentiate();
    return new ProtectedModels(denoiser, fallback, classifier, gradient, opsets);
  }

  private static void share(Map<String, Long> opsets, String part, OnnxModel network) {
    network
        .opsets()
        .forEach(
            (domain, version) -> {
              Long other = opsets.putIfAbsent(domain, version);
              if (other != null && !other.equals(version)) {
                throw new IllegalArgumentException(
                    "opset of "
                        + (domain.isEmpty() ? "ai.onnx" : domain)
                        + ": expected the same version for denoiser and "
                        + part
                        + ", found "
                        + other
                        + " and "
                        + version
                        + "; export both networks for one version");
              }
            });
  }
}
