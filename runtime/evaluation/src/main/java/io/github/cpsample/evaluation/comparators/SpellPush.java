package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.random.RandomMode;

/**
 * Pushes the predicted image out of a shield, as guidance: guidance g moves x_0 by {@code (1 -
 * abar) / sqrt(abar) g}, and the noise so that both still make x_t. Its buffer belongs to one
 * thread.
 */
final class SpellPush implements Steering {

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
