package io.github.cpsample.random;

import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Box-Muller over {@code L64X128MixRandom}. {@code RandomGenerator.nextGaussian} is not specified
 * bit by bit and may change with the JDK; this algorithm, in {@link StrictMath}, is, so images can
 * be reproduced on another JDK.
 */
final class JavaNormalStream implements NormalStream {
  private static final double UNIT = 0x1p-53;

  private final RandomGenerator random;
  private double spare;
  private boolean hasSpare;

  JavaNormalStream(long key) {
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(key);
  }

  /**
   * Mixes seed and stream number (the 64-bit finaliser of SplitMix), so near seeds differ widely.
   */
  static long key(long seed, int stream) {
    long mixed = seed + 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return (mixed ^ (mixed >>> 31)) + stream * 0xD1342543DE82EF95L;
  }

  @Override
  public void fill(float[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    for (int i = offset; i < offset + length; i++) {
      target[i] = (float) next();
    }
  }

  private double next() {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    double positive = ((random.nextLong() >>> 11) + 1) * UNIT;
    double angle = 2 * Math.PI * ((random.nextLong() >>> 11) * UNIT);
    double radius = StrictMath.sqrt(-2 * StrictMath.log(positive));
    spare = radius * StrictMath.sin(angle);
    hasSpare = true;
    return radius * StrictMath.cos(angle);
  }
}
