package io.github.cpsample.random;

import java.util.Arrays;

/** Where the noise of an image comes from. */
public enum NoiseSource {
  /**
   * L64X128MixRandom of {@code java.util.random}, with separate generators for the initial noise
   * and for the noise of the steps: adding step noise does not change where an image starts.
   */
  JAVA("java") {
    @Override
    public ImageNoise forSeed(long seed) {
      return new ImageNoise(new JavaNormalStream(seed, 0), new JavaNormalStream(seed, 1));
    }
  },
  /**
   * What {@code torch.manual_seed(seed)} and {@code torch.randn} give on the CPU: one generator for
   * everything, so that published Python samples can be reproduced.
   */
  TORCH("torch") {
    @Override
    public ImageNoise forSeed(long seed) {
      NormalStream stream = new TorchNormalStream(seed);
      return new ImageNoise(stream, stream);
    }
  };

  private final String label;

  NoiseSource(String label) {
    this.label = label;
  }

  /**
   * The streams of one image.
   *
   * @param seed the image's seed
   * @return fresh streams
   */
  public abstract ImageNoise forSeed(long seed);

  /**
   * The source's name.
   *
   * @return as on the command line
   */
  public String label() {
    return label;
  }

  /**
   * A source by name.
   *
   * @param label as on the command line
   * @return the source
   */
  public static NoiseSource named(String label) {
    return Arrays.stream(values())
        .filter(source -> source.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Noise source: expected java or torch, found " + label));
  }

  /**
   * The noise of one image.
   *
   * @param initial gives x_T
   * @param steps gives the noise of the steps
   */
  public record ImageNoise(NormalStream initial, NormalStream steps) {}
}
