package io.github.cpsample.benchmarks;

import ai.djl.ndarray.NDManager;
import io.github.cpsample.trainer.network.UNet;
import java.util.List;

/**
 * Rebuilds the shipped denoiser in DJL PyTorch. The weights do not tell into how many groups the
 * normalisation divides channels: the number is the one with which PyTorch agrees with the exported
 * network.
 */
final class TorchDenoiser {

  private static final List<Integer> GROUPS = List.of(8, 32, 16, 4, 2, 1);

  /** Of the largest number; another number of groups is off by far more. */
  private static final double BOUND = 1e-3;

  private TorchDenoiser() {}

  static UNet definition(ShippedModel model) {
    NoisedBatch batch = new NoisedBatch(model.manifest(), 2);
    float[] expected = exported(model, batch);
    OnnxWeights weights = model.denoiserWeights();
    for (int groups : GROUPS) {
      UNet candidate = new UNet(NetworkShapes.denoiser(weights, model.manifest().image(), groups));
      float[] found = evaluate(candidate, weights.flat(candidate), batch);
      if (Agreement.relative(expected, found) <= BOUND) {
        return candidate;
      }
    }
    throw new IllegalStateException(
        "shipped denoiser: expected PyTorch to agree with it with a number of groups of "
            + GROUPS
            + ", found none; is it another network than UNet?");
  }

  private static float[] evaluate(UNet network, float[] weights, NoisedBatch batch) {
    try (TorchNetwork torch = new TorchNetwork(network, weights);
        NDManager scope = torch.scope()) {
      return torch
          .apply(
              scope,
              torch.images(scope, batch.images(), batch.rows()),
              scope.create(batch.timesteps()))
          .toFloatArray();
    }
  }

  private static float[] exported(ShippedModel model, NoisedBatch batch) {
    try (OnnxDenoiser exported = new OnnxDenoiser(model, batch)) {
      return exported.prediction();
    }
  }
}
