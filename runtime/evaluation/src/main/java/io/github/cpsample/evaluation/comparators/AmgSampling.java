package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.diffusion.DdpmConfig;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.evaluation.comparators.AmgSettings.Compared;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleSettings;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Anti-memorization guidance in pixel space (AMG; Chen, Liu and Xu 2024): DDPM steps whose mean is
 * pushed away from the nearest training image, {@code mu += Sigma s (lambda - nL2) grad nL2}. No
 * network is differentiated; instead every check compares the sample with all training images, as
 * published noised anew each time. So whoever samples needs the training images, and a check costs
 * as much as drawing noise for all of them.
 *
 * <p>Other than published: a pushed chain has no unpushed twin beside it, which would double the
 * calls of the denoiser and changes nothing of the pushed one; the steps have the posterior
 * variance, whether or not the denoiser learned one; all noise follows from the image's seed.
 */
public final class AmgSampling implements SamplingMethod {

  private final AmgSettings settings;
  private final AmgCheck check;
  private final SteeredSampler images;

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
            .withSampler(SamplerKind.DDPM)
            .withSteps(settings.steps())
            .withBatchSize(batchSize)
            .withProtection(false);
    SampleSettings resolved = sampler.settings(batch);
    SteeredSampler.requirePixels("AMG", sampler.manifest(), resolved.image().size(), training);
    this.settings = settings;
    this.check =
        new AmgCheck(
            settings, ImageBank.deduplicated(training), new DenoisedImage(resolved.clipSample()));
    this.images =
        new SteeredSampler(
            sampler,
            batch,
            new DdpmConfig(
                new DdpmConfig.Timesteps(settings.steps(), resolved.spacing(), 0, List.of()),
                DdpmConfig.Variance.FIXED_SMALL,
                resolved.clipSample()));
  }

  @Override
  public String name() {
    return settings.compared() == Compared.NOISED ? "amg" : "amg-denoised";
  }

  @Override
  public String title() {
    return settings.compared() == Compared.NOISED ? "AMG in pixels" : "AMG on denoised images";
  }

  @Override
  public String settings() {
    return settings.describe() + ", bank of " + check.bankSize() + " images";
  }

  @Override
  public void sample(long firstSeed, int count, SampleSink sink, Progress progress) {
    images.sample(check, firstSeed, count, sink, progress);
  }
}
