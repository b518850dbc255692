package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.diffusion.DdimConfig;
import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleSettings;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Sparse repellency (SPELL; Kirchhof et al. 2025) against a set of images that does not change, the
 * training images: in every step the image x_0 that the denoiser takes x_t for is pushed out of the
 * balls of radius r around them, {@code x_0 += sum over z of relu(r / |x_0 - z| - 1) (x_0 - z)},
 * and the step is taken with that image and the noise that goes with it and x_t. Nothing is
 * differentiated and nothing drawn, but whoever samples needs the training images.
 *
 * <p>Where the sampler clips x_0, the clipped one is pushed, and not clipped again. The push enters
 * as guidance that shifts x_0 by it. Steps are those of DDIM; where no ball is entered they are the
 * model's own if that samples by DDIM.
 */
public final class SpellSampling implements SamplingMethod {

  private final SpellSettings settings;
  private final ImageShield shield;
  private final SpellPush push;
  private final SteeredSampler images;

  /**
   * Finds the radius, which takes a distance per pair of training images.
   *
   * @param sampler of the model; not owned
   * @param request changes a request, such as its class label
   * @param batchSize how many images are made together, at least 1
   * @param training values in [-1, 1], {@code [N][C*H*W]}; neither copied nor modified
   * @param settings of the method, with the number of steps
   * @throws IllegalArgumentException if the model is sampled in latents, its images have another
   *     size, or less than 2 training images differ
   */
  public SpellSampling(
      ProtectedSampler sampler,
      UnaryOperator<SampleRequest> request,
      int batchSize,
      float[][] training,
      SpellSettings settings) {
    SampleRequest batch =
        request
            .apply(SampleRequest.of(batchSize))
            .withSampler(SamplerKind.DDIM)
            .withSteps(settings.steps())
            .withEta(settings.eta())
            .withBatchSize(batchSize)
            .withProtection(false);
    SampleSettings resolved = sampler.settings(batch);
    SteeredSampler.requirePixels(
        "SPELL", sampler.manifest(), resolved.images().shape().size(), training);
    this.settings = settings;
    this.shield = ImageShield.ofShare(training, settings.radiusShare());
    this.push = new SpellPush(shield, new DenoisedImage(resolved.trajectory().clipSample()));
    this.images = new SteeredSampler(sampler, batch, steps(resolved));
  }

  private static DdimConfig steps(SampleSettings resolved) {
    return new DdimConfig(
        resolved.trajectory().steps(),
        resolved.trajectory().eta(),
        resolved.trajectory().spacing(),
        0,
        true,
        resolved.trajectory().clipSample()
            ? DdimConfig.Clipping.SAMPLE_AND_EPSILON
            : DdimConfig.Clipping.NONE);
  }

  @Override
  public String name() {
    return "spell";
  }

  @Override
  public String title() {
    return "SPELL";
  }

  @Override
  public String settings() {
    return String.format(
        Locale.ROOT,
        "%s, %.4g, around %d images",
        settings.describe(),
        shield.radius(),
        shield.size());
  }

  @Override
  public void sample(long firstSeed, int count, SampleSink sink, Progress progress) {
    images.sample(push, firstSeed, count, sink, progress);
  }

  /**
   * Pushes the predicted image out of a shield, as guidance: guidance g moves x_0 by {@code (1 -
   * abar) / sqrt(abar) g}, and the noise so that both still make x_t. Its buffer belongs to one
   * thread.
   */
  private static final class SpellPush implements Steering {

    private final ImageShield shield;
    private final DenoisedImage denoised;
    private final double[] push;

    SpellPush(ImageShield shield, DenoisedImage denoised) {
      this.shield = shield;
      this.push = new double[shield.imageSize()];
      this.denoised = denoised;
    }

    @Override
    public Pushes open(RandomMode random, long seed) {
      return this::push;
    }

    private boolean push(SamplerState state, NoiseLevel at, int left) {
      boolean pushed = shield.push(denoised.of(state, at), push);
      float[] guidance = state.guidance();
      for (int i = 0; pushed && i < push.length; i++) {
        guidance[i] = (float) (push[i] / at.guidanceInSample());
      }
      return pushed;
    }
  }
}
