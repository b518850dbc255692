package io.github.cpsample.benchmarks;

import ai.djl.ndarray.NDManager;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.trainer.network.UNet;
import java.util.List;
import java.util.Map;

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
    DenoiserSpec spec = model.manifest().denoiser();
    ImageShape image = model.manifest().image();
    int rows = batch.rows();
    TensorBuffer x = TensorBuffer.floats(rows, image.channels(), image.height(), image.width());
    TensorBuffer t = TensorBuffer.floats(rows);
    TensorBuffer out = TensorBuffer.floats(rows, image.channels(), image.height(), image.width());
    x.asFloats().put(batch.images());
    t.asFloats().put(batch.timesteps());
    try (InferenceSession session = TwoCores.open("denoiser", model.denoiser())) {
      session.run(Map.of(spec.input(), x, spec.timestep(), t), Map.of(spec.output(), out));
    }
    float[] values = new float[rows * image.size()];
    out.asFloats().get(values);
    return values;
  }
}
