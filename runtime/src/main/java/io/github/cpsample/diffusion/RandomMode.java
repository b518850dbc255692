package io.github.cpsample.diffusion;

import io.github.cpsample.base.Checks;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Where normal random numbers come from. */
public enum RandomMode {
  /** {@code L64X128MixRandom} of the JDK, separate streams for starting noise and steps. */
  JAVA("java") {
    @Override
    public ImageNoise open(long seed) {
      return new ImageNoise(
          new JavaNormalStream(JavaNormalStream.key(seed, 0)),
          new JavaNormalStream(JavaNormalStream.key(seed, 1)));
    }
  },
  /**
   * The numbers of {@code torch.manual_seed(seed)} and {@code torch.randn} on the CPU, one
   * generator for starting noise and steps, as Python pipelines draw them for a batch of one image.
   */
  TORCH("torch") {
    @Override
    public ImageNoise open(long seed) {
      NormalStream stream = new TorchNormalStream(seed);
      return new ImageNoise(stream, stream);
    }
  };

  private final String label;

  RandomMode(String label) {
    this.label = label;
  }

  /**
   * Opens the streams of one image.
   *
   * @param seed the image's seed
   * @return new streams at their beginning
   */
  public abstract ImageNoise open(long seed);

  /**
   * The name used on command lines.
   *
   * @return {@code java} or {@code torch}
   */
  public String label() {
    return label;
  }

  /**
   * Finds a mode by its name.
   *
   * @param name {@code java} or {@code torch}
   * @return the mode
   * @throws IllegalArgumentException if there is no such mode
   */
  public static RandomMode named(String name) {
    return Checks.named("random mode", values(), mode -> mode.label, name);
  }

  /**
   * The noise of one image: what it starts from and what its steps add. It depends on the image's
   * seed alone, never on the batch around it.
   *
   * @param initial the stream of the starting noise
   * @param steps the stream of the noise added by the steps; in {@link RandomMode#TORCH} mode the
   *     same stream, continued
   */
  public record ImageNoise(NormalStream initial, NormalStream steps) {
    public ImageNoise {
      Objects.requireNonNull(initial, "initial");
      Objects.requireNonNull(steps, "steps");
    }
  }

  /**
   * Box-Muller over {@code L64X128MixRandom}. {@code RandomGenerator.nextGaussian} is not specified
   * bit by bit and may change with the JDK; this algorithm, in {@link StrictMath}, is, so images
   * can be reproduced on another JDK.
   */
  private static final class JavaNormalStream implements NormalStream {
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
}
