package io.github.cpsample.tools.audit.sampling;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.DdpmConfig;
import io.github.cpsample.diffusion.DdpmTimesteps;
import io.github.cpsample.diffusion.DdpmVariance;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.sampling.NoisePredictions;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleSettings;
import io.github.cpsample.sampling.SamplerKind;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;

/**
 * Anti-memorization guidance in pixel space (AMG; Chen, Liu and Xu 2024): DDPM steps whose mean is
 * pushed away from the nearest training image, {@code mu += Sigma s (lambda - nL2) grad nL2}. No
 * network is differentiated; instead every check compares the sample with all training images,
 * noised anew each time. So whoever samples needs the training images, and a check costs as much as
 * drawing noise for all of them.
 *
 * <p>Other than published: a pushed chain has no unpushed twin beside it, which would double the
 * calls of the denoiser and changes nothing of the pushed one; the steps have the posterior
 * variance, whether or not the denoiser learned one; all noise follows from the image's seed.
 */
public final class AmgSampling implements SamplingMethod {

  private final AmgSettings settings;
  private final ImageBank bank;
  private final Sampler plan;
  private final SampleSettings resolved;
  private final NoisePredictions predictions;

  /**
   * Prepares the bank, which takes a distance per pair of training images.
   *
   * @param sampler of the model; not owned
   * @param request changes a request, such as its class label
   * @param batchSize how many images are made together, at least 1
   * @param training values in [-1, 1], {@code [N][C*H*W]}; neither copied nor modified
   * @param settings of the method, with the number of steps
   * @throws IllegalArgumentException if the model is sampled in latents, its images have another
   *     size, or less than 2 training images are no near-duplicates
   */
  public AmgSampling(
      ProtectedSampler sampler,
      UnaryOperator<SampleRequest> request,
      int batchSize,
      float[][] training,
      AmgSettings settings) {
    SampleRequest batch =
        request
            .apply(SampleRequest.of(batchSize))
            .sampler(SamplerKind.DDPM)
            .steps(settings.steps())
            .batchSize(batchSize)
            .protection(false);
    this.settings = settings;
    this.resolved = sampler.settings(batch);
    requirePixels(sampler.manifest(), resolved.image().size(), training);
    this.bank = ImageBank.deduplicated(training);
    this.plan =
        new DdpmConfig(
                new DdpmTimesteps(settings.steps(), resolved.spacing(), 0, List.of()),
                DdpmVariance.FIXED_SMALL,
                resolved.clipSample())
            .create(sampler.manifest().schedule().create(), PredictionType.EPSILON);
    this.predictions = sampler.predictions(batch);
  }

  private static void requirePixels(Manifest manifest, int size, float[][] training) {
    if (manifest.pipeline().latent().isPresent()) {
      throw new IllegalArgumentException(
          "AMG: expected a model that is sampled in pixels, found the latent model "
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

  @Override
  public String name() {
    return "amg";
  }

  @Override
  public String title() {
    return "AMG in pixels";
  }

  @Override
  public String settings() {
    return settings.describe() + ", bank of " + bank.size() + " images";
  }

  @Override
  public void sample(long firstSeed, int count, SampleSink sink, Progress progress) {
    int batchSize = resolved.batchSize();
    BatchProgress batches = BatchProgress.of(progress, count, batchSize);
    for (int done = 0; done < count; done += batchSize) {
      int rows = Math.min(batchSize, count - done);
      AmgBatch batch =
          new AmgBatch(settings, bank, plan, predictions, resolved.noise(), firstSeed + done, rows);
      sample(batch, batches);
      batch.deliver(sink);
      batches.next();
    }
  }

  private static void sample(AmgBatch batch, Progress progress) {
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
