package io.github.cpsample.random;

/**
 * Standard normal numbers as torch's CPU generator draws them into float32 tensors of 16 or more
 * elements: uniform numbers of 24 bits from a Mersenne Twister (Matsumoto and Nishimura, 1998), in
 * blocks of 16 turned by Box and Muller's method:
 *
 * <pre>
 * u1 = 1 - u[j], u2 = u[j+8], r = sqrt(-2 ln u1)
 * z[j] = r cos(2 pi u2), z[j+8] = r sin(2 pi u2), j = 0..7
 * </pre>
 *
 * <p>Where the length is no multiple of 16, the last 16 numbers are drawn anew, as torch does.
 */
final class TorchNormalStream implements NormalStream {

  private static final int BLOCK = 16;
  private static final int HALF = BLOCK / 2;

  private final MersenneTwister twister;

  TorchNormalStream(long seed) {
    this.twister = new MersenneTwister((int) seed);
  }

  @Override
  public void fill(float[] target, int offset, int length) {
    if (length < BLOCK) {
      throw new IllegalArgumentException(
          "Noise source torch: expected at least 16 numbers at a time, found "
              + length
              + "; torch draws smaller tensors by another algorithm; use noise source java");
    }
    for (int i = offset; i < offset + length; i++) {
      target[i] = uniform();
    }
    int whole = length / BLOCK * BLOCK;
    for (int block = 0; block < whole; block += BLOCK) {
      turn(target, offset + block);
    }
    if (whole < length) {
      int last = offset + length - BLOCK;
      for (int i = last; i < last + BLOCK; i++) {
        target[i] = uniform();
      }
      turn(target, last);
    }
  }

  private float uniform() {
    return (twister.next() & 0xFFFFFF) * (1f / (1 << 24));
  }

  private static void turn(float[] values, int start) {
    for (int j = start; j < start + HALF; j++) {
      float radius = (float) Math.sqrt(-2 * Math.log(1 - values[j]));
      double angle = 2 * Math.PI * values[j + HALF];
      values[j] = (float) (radius * Math.cos(angle));
      values[j + HALF] = (float) (radius * Math.sin(angle));
    }
  }
}
