package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.random.NormalStream;
import io.github.cpsample.random.RandomMode;

/**
 * Compares images on their way with the bank, and pushes those that are too near. Its buffers
 * belong to one thread.
 */
final class AmgCheck implements Steering {

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
