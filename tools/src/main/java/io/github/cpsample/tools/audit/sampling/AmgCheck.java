package io.github.cpsample.tools.audit.sampling;

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

  /** Rows beside those of the state; used where denoised images are compared. */
  private float[] denoised = new float[0];

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
   * @param state x_t and the predicted noise; where the image is pushed, its guidance receives the
   *     push
   * @param row the image
   * @param abar the fraction of signal variance at its level
   * @param level steps that are left after this one
   * @param chain of the image
   * @param ofBank noise for the bank, of this image
   * @return whether it is pushed
   */
  boolean pushes(
      SamplerState state, int row, double abar, int level, AmgChain chain, NormalStream ofBank) {
    if (!chain.checks()) {
      return false;
    }
    int offset = state.offset(row);
    boolean noised = settings.compared() == AmgSettings.Compared.NOISED;
    float[] image = noised ? state.x() : denoised(state, offset, abar);
    if (noised) {
      bank.compare(image, offset, abar, ofBank, match);
    } else {
      bank.compare(image, offset, match);
    }
    double shortfall = chain.shortfall(match.similarity(), level);
    if (shortfall == 0) {
      return false;
    }
    double factor = settings.strength() * shortfall / (noised ? 1 : Math.sqrt(abar));
    match.gradient(image, offset, factor, state.guidance());
    return true;
  }

  /** The image that the denoiser takes x_t for, in the place of its row. */
  private float[] denoised(SamplerState state, int offset, double abar) {
    if (denoised.length < state.x().length) {
      denoised = new float[state.x().length];
    }
    for (int i = offset; i < offset + state.rowSize(); i++) {
      double sample = PredictionType.EPSILON.toSample(state.x()[i], state.prediction()[i], abar);
      denoised[i] = (float) (clips ? Math.max(-1, Math.min(1, sample)) : sample);
    }
    return denoised;
  }
}
