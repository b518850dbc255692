package io.github.cpsample.random;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Gaussians of L64X128MixRandom; the purpose selects one of several streams of a seed. */
final class JavaNormalStream implements NormalStream {

  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final RandomGenerator random;

  JavaNormalStream(long seed, int purpose) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed * SPREAD + purpose);
  }

  @Override
  public void fill(float[] target, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      target[i] = (float) random.nextGaussian();
    }
  }
}
