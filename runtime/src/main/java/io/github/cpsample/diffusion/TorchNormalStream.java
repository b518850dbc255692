package io.github.cpsample.diffusion;

import java.util.Objects;

/**
 * The numbers of {@code torch.manual_seed(seed)} followed by {@code torch.randn} on the CPU, one
 * tensor per call of {@link #fill}. Draws of at least 16 numbers are filled with uniform numbers of
 * 24 bits, then every block of 16 is turned by Box-Muller with partners 8 apart; where 16 does not
 * divide the length, the last 16 are drawn anew. Shorter draws take their numbers one by one, in
 * pairs of uniform doubles, and keep the second of a pair for the next short draw. PyTorch computes
 * the logarithm and the cosine of long draws in float32, so values differ in the last places.
 */
final class TorchNormalStream implements NormalStream {
  private static final int BLOCK = 16;
  private static final int HALF = BLOCK / 2;

  private final MersenneTwister random;
  private double spare;
  private boolean hasSpare;

  /** PyTorch's engine keeps the low 32 bits of the seed. */
  TorchNormalStream(long seed) {
    this.random = new MersenneTwister((int) seed);
  }

  @Override
  public void fill(float[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length < BLOCK) {
      for (int i = offset; i < offset + length; i++) {
        target[i] = (float) single();
      }
      return;
    }
    fillBlocks(target, offset, length);
  }

  private void fillBlocks(float[] target, int offset, int length) {
    uniform(target, offset, length);
    int whole = length - length % BLOCK;
    for (int block = 0; block < whole; block += BLOCK) {
      boxMuller(target, offset + block);
    }
    if (whole < length) {
      int last = offset + length - BLOCK;
      uniform(target, last, BLOCK);
      boxMuller(target, last);
    }
  }

  private void uniform(float[] target, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      target[i] = (random.next() & 0xFFFFFF) * 0x1p-24f;
    }
  }

  private static void boxMuller(float[] target, int offset) {
    for (int j = offset; j < offset + HALF; j++) {
      double radius = Math.sqrt(-2 * Math.log(1 - target[j]));
      double angle = 2 * Math.PI * target[j + HALF];
      target[j] = (float) (radius * Math.cos(angle));
      target[j + HALF] = (float) (radius * Math.sin(angle));
    }
  }

  private double single() {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    double angle = 2 * Math.PI * uniformDouble();
    double radius = Math.sqrt(-2 * Math.log1p(-uniformDouble()));
    spare = radius * Math.sin(angle);
    hasSpare = true;
    return radius * Math.cos(angle);
  }

  /** 53 bits of two outputs, the first one being the high half. */
  private double uniformDouble() {
    long high = (long) random.next() << 32;
    long bits = high | Integer.toUnsignedLong(random.next());
    return (bits & ((1L << 53) - 1)) * 0x1p-53;
  }

  /** MT19937 (Matsumoto and Nishimura 1998), seeded with {@code init_genrand}. */
  static final class MersenneTwister {
    private static final int N = 624;
    private static final int M = 397;

    private final int[] state = new int[N];
    private int index = N;

    MersenneTwister(int seed) {
      state[0] = seed;
      for (int i = 1; i < N; i++) {
        state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
      }
    }

    /** The next 32 bits. */
    int next() {
      if (index == N) {
        twist();
      }
      int y = state[index++];
      y ^= y >>> 11;
      y ^= (y << 7) & 0x9d2c5680;
      y ^= (y << 15) & 0xefc60000;
      return y ^ (y >>> 18);
    }

    private void twist() {
      for (int i = 0; i < N; i++) {
        int y = (state[i] & 0x80000000) | (state[(i + 1) % N] & 0x7fffffff);
        state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
      }
      index = 0;
    }
  }
}
