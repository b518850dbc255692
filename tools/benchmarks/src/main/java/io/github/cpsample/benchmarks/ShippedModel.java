package io.github.cpsample.benchmarks;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.inference.Device;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.autodiff.ReverseDifferentiator;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.trainer.network.MemorizingClassifier;

/** The model that ships with the library. */
final class ShippedModel {

  static final String NAME = "fashion-mnist";

  private final ModelBundle bundle = ModelBundle.named(NAME);

  Manifest manifest() {
    return bundle.manifest();
  }

  byte[] denoiser() {
    return bundle.file(manifest().denoiser().file());
  }

  byte[] classifier() {
    return bundle.file(manifest().classifier().file());
  }

  /** The classifier with its vector-Jacobian product. */
  byte[] gradient() {
    OnnxModel derived =
        ReverseDifferentiator.of(OnnxCodec.read(classifier()))
            .outputs(manifest().classifier().output())
            .withRespectTo(manifest().classifier().input())
            .differentiate();
    return OnnxCodec.toBytes(derived);
  }

  OnnxWeights denoiserWeights() {
    return new OnnxWeights(OnnxCodec.read(denoiser()));
  }

  OnnxWeights classifierWeights() {
    return new OnnxWeights(OnnxCodec.read(classifier()));
  }

  MemorizingClassifier classifierNetwork() {
    return new MemorizingClassifier(
        OnnxWeights.NetworkShapes.classifier(classifierWeights(), manifest().image()));
  }

  ProtectedSampler sampler() {
    return ProtectedSampler.open(bundle, Device.cpu(), TwoCores.SETTINGS);
  }
}
