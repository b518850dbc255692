package io.github.cpsample.tools.audit.sampling;

import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.random.NormalStream;

/**
 * Compares images on their way with the bank, and pushes those that are too near. Its buffers
 * belong to one thread.
 */
final class AmgCheck {

  private final AmgSettings settings;
  private final ImageBank bank;
  private final boolean clips;
  private final BankMatch match;

  /**
   * @param clips whether the sampler clips the predicted image to [-1, 1]
   */
  AmgCheck(AmgSettings settings, ImageBank bank, boolean clips) {
    this.settings = settings;
    this.bank = bank;
    this.clips = clips;
    this.match = new BankMatch(bank.imageSize());
  }

  int bankSize() {
    return bank.size();
  }

  AmgSettings settings() {
    return settings;
  }

  /**
   * Checks one image, if it is due.
   *
   * @param state x_t and the predicted noise of the image; where it is pushed, its guidance
   *     receives the push
   * @param at its noise level
   * @param level steps that are left after this one
   * @param chain of the image
   * @param ofBank noise for the bank, of this image
   * @return whether it is pushed
   */
  boolean pushes(
      SamplerState state, NoiseLevel at, int level, AmgChain chain, NormalStream ofBank) {
    if (!chain.checks()) {
      return false;
    }
    boolean noised = settings.compared() == AmgSettings.Compared.NOISED;
    float[] image = noised ? state.x() : denoised(state, at);
    if (noised) {
      bank.compare(image, 0, at.alphasCumprod(), ofBank, match);
    } else {
      bank.compare(image, 0, match);
    }
    double shortfall = chain.shortfall(match.similarity(), level);
    if (shortfall == 0) {
      return false;
    }
    double factor = settings.strength() * shortfall / (noised ? 1 : at.signal());
    match.gradient(image, 0, factor, state.guidance());
    return true;
  }

  /** The image that the denoiser takes x_t for. */
  private float[] denoised(SamplerState state, NoiseLevel at) {
    float[] sample = PredictionType.EPSILON.toSample(state.x(), state.prediction(), at);
    for (int i = 0; clips && i < sample.length; i++) {
      sample[i] = Math.max(-1, Math.min(1, sample[i]));
    }
    return sample;
  }
}
