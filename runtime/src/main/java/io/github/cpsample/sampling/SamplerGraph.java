package io.github.cpsample.sampling;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.composition.WholeSampler;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.protection.StrengthInputs;
import java.util.Optional;

/** {@link ProtectedSampler} as one ONNX model, for programs that are not written in Java. */
public final class SamplerGraph {

  private SamplerGraph() {}

  /**
   * Writes the protected trajectory of a model as one graph; {@link WholeSampler} says what its
   * inputs and outputs are. From the same noise it makes the images that {@link ProtectedSampler}
   * makes, up to rounding.
   *
   * @param bundle the model; may be closed afterwards
   * @param sampler the sampler
   * @param steps number of steps, at least 1 and at most the model's timesteps
   * @param eta share of fresh noise in a DDIM step, in [0, 1]; DDPM has no such share
   * @param strength how alpha and scale are given
   * @return the model
   * @throws IllegalArgumentException if the model cannot be sampled so, or its networks do not fit
   *     into one graph
   */
  public static OnnxModel of(
      ModelBundle bundle, SamplerKind sampler, int steps, double eta, StrengthInputs strength) {
    Manifest manifest = bundle.manifest();
    if (manifest.pipeline().latent().isPresent() || manifest.pipeline().text().isPresent()) {
      throw new IllegalArgumentException(
          "model "
              + manifest.name()
              + ": expected one of denoiser and classifier alone, found one with an autoencoder or"
              + " a text encoder, which a whole-sampler file has no place for; sample it as a"
              + " bundle");
    }
    if (!manifest.denoiser().isUsual()) {
      throw new IllegalArgumentException(
          "denoiser: expected one that was trained and exported here to write its sampler as a"
              + " graph, found one made elsewhere, "
              + manifest.denoiser().input()
              + " "
              + manifest.denoiser().signature().input().describe()
              + "; sample it as a bundle");
    }
    SampleRequest request = SampleRequest.of(1).withSampler(sampler).withSteps(steps).withEta(eta);
    if (manifest.denoiser().classes() > 0) {
      request = request.withClassLabel(0);
    }
    SampleSettings settings = SampleSettings.of(manifest, request);
    return WholeSampler.compose(
            manifest,
            OnnxCodec.read(bundle.file(manifest.denoiser().file())),
            fallback(bundle),
            OnnxCodec.read(bundle.file(manifest.classifier().file())),
            settings.plan(manifest.schedule().create(), manifest.denoiser()),
            strength)
        .withMetadata("cpsample.eta", Double.toString(settings.trajectory().eta()));
  }

  /** The denoiser that goes on with what is guarded, where the correction hands over. */
  private static Optional<OnnxModel> fallback(ModelBundle bundle) {
    boolean needed = bundle.manifest().protection().correction().kind().handsOver();
    return bundle
        .manifest()
        .pipeline()
        .fallback()
        .filter(file -> needed)
        .map(file -> OnnxCodec.read(bundle.file(file)));
  }
}
