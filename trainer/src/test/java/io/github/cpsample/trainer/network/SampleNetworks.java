package io.github.cpsample.trainer.network;

import java.util.List;

/** Small networks of every kind, for tests. */
public final class SampleNetworks {

  private SampleNetworks() {}

  /** A named network. */
  public record Named(String name, Network network) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** One network for every option that the configurations have. */
  public static List<Named> all() {
    return List.of(
        new Named(
            "U-Net on patches with attention",
            new UNet(new UNetConfig(1, 12, 12, 2, List.of(16, 32), 1, List.of(3), 24, 8, 0))),
        new Named(
            "U-Net on RGB pixels, class-conditional, two blocks",
            new UNet(new UNetConfig(3, 8, 12, 1, List.of(16, 16, 32), 2, List.of(4, 2), 16, 4, 5))),
        new Named(
            "memorizing classifier",
            new MemorizingClassifier(
                new ClassifierConfig(1, 12, 12, 2, List.of(16, 32), 1, 16, 7))),
        new Named(
            "memorizing classifier on RGB pixels, one bit",
            new MemorizingClassifier(new ClassifierConfig(3, 8, 8, 1, List.of(16, 32), 2, 16, 1))),
        new Named("image classifier", new ImageClassifier(1, 12, 12, 10)),
        new Named("image features", new ImageClassifier(3, 8, 8, 10).features()));
  }
}
