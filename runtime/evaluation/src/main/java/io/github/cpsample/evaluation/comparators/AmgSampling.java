package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.diffusion.DdpmConfig;
import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.diffusion.NormalStream;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.diffusion.SamplerState;
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
    SteeredSampler.requirePixels(
        "AMG", sampler.manifest(), resolved.images().shape().size(), training);
    this.settings = settings;
    this.check =
        new AmgCheck(
            settings,
            ImageBank.deduplicated(training),
            new DenoisedImage(resolved.trajectory().clipSample()));
    this.images =
        new SteeredSampler(
            sampler,
            batch,
            new DdpmConfig(
                new DdpmConfig.Timesteps(
                    settings.steps(), resolved.trajectory().spacing(), 0, List.of()),
                DdpmConfig.Variance.FIXED_SMALL,
                resolved.trajectory().clipSample()));
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

  /**
   * Compares images on their way with the bank, and pushes those that are too near. Its buffers
   * belong to one thread.
   */
  private static final class AmgCheck implements Steering {

    private final AmgSettings settings;
    private final ImageBank bank;
    private final DenoisedImage denoised;
    private final BankMatch match;

    /**
     * @param denoised the image that the denoiser takes x_t for
     */
    AmgCheck(AmgSettings settings, ImageBank bank, DenoisedImage denoised) {
      this.settings = settings;
      this.bank = bank;
      this.denoised = denoised;
      this.match = new BankMatch(bank.imageSize());
    }

    int bankSize() {
      return bank.size();
    }

    /**
     * The bank's noise for an image comes from the complement of its seed: that is negative for the
     * seeds that people use, and so nobody else's.
     */
    @Override
    public Pushes open(RandomMode random, long seed) {
      AmgChain chain = new AmgChain(settings);
      NormalStream ofBank = random.open(~seed).initial();
      return (state, at, left) -> pushes(state, at, left, chain, ofBank);
    }

    /** Checks one image, if it is due. */
    private boolean pushes(
        SamplerState state, NoiseLevel at, int left, AmgChain chain, NormalStream ofBank) {
      if (!chain.checks()) {
        return false;
      }
      boolean noised = settings.compared() == AmgSettings.Compared.NOISED;
      float[] image = noised ? state.x() : denoised.of(state, at);
      if (noised) {
        bank.compare(image, 0, at.alphasCumprod(), ofBank, match);
      } else {
        bank.compare(image, 0, match);
      }
      double shortfall = chain.shortfall(match.similarity(), left);
      if (shortfall == 0) {
        return false;
      }
      double factor = settings.strength() * shortfall / (noised ? 1 : at.signal());
      match.gradient(image, 0, factor, state.guidance());
      return true;
    }
  }

  /**
   * When AMG compares one image with the bank, and how far below the threshold it is then. Until
   * the first time that its similarity is below the trigger, nothing is pushed; from then on
   * whatever is below {@code lambda}. After some checks in a row that push nothing, before the
   * trigger or after it, checking rests for some steps, and counts anew. Belongs to one image.
   */
  static final class AmgChain {

    private final AmgSettings settings;
    private boolean triggered;
    private int idleChecks;
    private int resting;

    AmgChain(AmgSettings settings) {
      this.settings = settings;
    }

    /** Whether this step's image is compared with the bank; to be asked once per step. */
    boolean checks() {
      if (resting > 0) {
        resting--;
        return false;
      }
      return true;
    }

    /**
     * Judges a check.
     *
     * @param similarity nL2 of the image
     * @param level steps that are left after this one
     * @return {@code lambda - nL2}; 0 where nothing is pushed
     */
    double shortfall(double similarity, int level) {
      triggered |= similarity < settings.trigger();
      double shortfall = triggered ? Math.max(0, settings.lambda(level) - similarity) : 0;
      idleChecks = shortfall > 0 ? 0 : idleChecks + 1;
      if (idleChecks == settings.patience()) {
        idleChecks = 0;
        resting = settings.rest();
      }
      return shortfall;
    }
  }
}
