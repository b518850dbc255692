package io.github.cpsample.random;

import io.github.cpsample.base.Checks;
import java.util.Objects;

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
}
