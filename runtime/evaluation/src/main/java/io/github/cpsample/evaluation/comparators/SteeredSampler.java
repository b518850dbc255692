package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.diffusion.SamplerConfig;
import io.github.cpsample.sampling.NoisePredictions;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleSettings;
import java.util.concurrent.CancellationException;

/**
 * Makes images of a model in pixels, batch after batch, with the steps of any sampler. Belongs to
 * one thread.
 */
final class SteeredSampler {

  private final SampleSettings resolved;
  private final Sampler plan;
  private final NoisePredictions predictions;

  /**
   * @param sampler of the model; not owned
   * @param batch what a batch asks for
   * @param config the steps; learns no variance
   */
  SteeredSampler(ProtectedSampler sampler, SampleRequest batch, SamplerConfig config) {
    this.resolved = sampler.settings(batch);
    this.plan = config.create(sampler.manifest().schedule().create(), PredictionType.EPSILON);
    this.predictions = sampler.predictions(batch);
  }

  /**
   * Refuses models and training images that cannot be compared.
   *
   * @throws IllegalArgumentException if the model is sampled in latents or its images have another
   *     size than the training images
   */
  static void requirePixels(String method, Manifest manifest, int size, float[][] training) {
    if (manifest.pipeline().latent().isPresent()) {
      throw new IllegalArgumentException(
          method
              + ": expected a model that is sampled in pixels, found the latent model "
              + manifest.name());
    }
    for (float[] image : training) {
      if (image.length != size) {
        throw new IllegalArgumentException(
            "training images: expected "
                + size
                + " values as the model's images have, found "
                + image.length);
      }
    }
  }

  void sample(Steering steering, long firstSeed, int count, SampleSink sink, Progress progress) {
    int batchSize = resolved.batchSize();
    BatchProgress batches = BatchProgress.of(progress, count, batchSize);
    for (int done = 0; done < count; done += batchSize) {
      int rows = Math.min(batchSize, count - done);
      SteeredBatch batch =
          new SteeredBatch(steering, plan, predictions, resolved.noise(), firstSeed + done, rows);
      advance(batch, batches);
      batch.deliver(sink);
      batches.next();
    }
  }

  private static void advance(SteeredBatch batch, Progress progress) {
    int steps = batch.steps();
    progress.onStep(0, steps);
    for (int index = 0; index < steps; index++) {
      if (progress.isCancelled() || Thread.currentThread().isInterrupted()) {
        throw new CancellationException("cancelled after " + index + " of " + steps + " steps");
      }
      batch.advance(index);
      progress.onStep(index + 1, steps);
    }
  }
}
