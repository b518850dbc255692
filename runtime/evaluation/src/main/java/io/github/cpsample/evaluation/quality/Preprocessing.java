package io.github.cpsample.evaluation.quality;

import io.github.cpsample.base.Checks;
import java.util.List;
import java.util.Optional;

/**
 * What values an embedder was trained on. No file says it, so the user does. Images are taken with
 * 256 levels, as a file holds them.
 */
public enum Preprocessing {
  /** From -1 (black) to 1 (white). */
  SIGNED("-1..1"),
  /** From 0 to 1. */
  UNIT("0..1"),
  /** From 0 to 255. */
  BYTES("0..255"),
  /**
   * From 0 to 1, less the mean of the ImageNet images, over their deviation: means 0.485, 0.456,
   * 0.406 and deviations 0.229, 0.224, 0.225 of red, green and blue, as torchvision's models
   * expect.
   */
  IMAGENET("imagenet"),
  /** {@link InceptionInput#PYTORCH_FID}. */
  PYTORCH_FID("pytorch-fid"),
  /** {@link InceptionInput#CLEAN_FID}. */
  CLEAN_FID("clean-fid"),
  /** clean-fid's mode {@code legacy_pytorch}, which makes of images what pytorch-fid makes. */
  LEGACY_PYTORCH("legacy-pytorch");

  private static final double[] MEANS = {0.485, 0.456, 0.406};
  private static final double[] DEVIATIONS = {0.229, 0.224, 0.225};
  private static final double LARGEST = 255;

  private final String label;

  Preprocessing(String label) {
    this.label = label;
  }

  /**
   * The one of a name.
   *
   * @param label such as {@code 0..1}
   * @return it
   * @throws IllegalArgumentException naming all of them
   */
  public static Preprocessing of(String label) {
    return Checks.named("range", values(), it -> it.label, label);
  }

  /**
   * The names of all.
   *
   * @return separated by commas
   */
  public static String labels() {
    return String.join(", ", List.of(values()).stream().map(Preprocessing::label).toList());
  }

  /**
   * Its name on the command line.
   *
   * @return such as {@code 0..1}
   */
  public String label() {
    return label;
  }

  /** How the whole image is made for Inception; empty for a plain range of values. */
  Optional<InceptionInput> inception() {
    return switch (this) {
      case PYTORCH_FID, LEGACY_PYTORCH -> Optional.of(InceptionInput.PYTORCH_FID);
      case CLEAN_FID -> Optional.of(InceptionInput.CLEAN_FID);
      default -> Optional.empty();
    };
  }

  /**
   * From a value in [0, 255] of a channel to what the network receives.
   *
   * @throws IllegalStateException for Inception, whose images are made as a whole
   */
  double scaled(double level, int channel) {
    double unit = level / LARGEST;
    return switch (this) {
      case SIGNED -> 2 * unit - 1;
      case UNIT -> unit;
      case BYTES -> level;
      case IMAGENET -> (unit - MEANS[channel]) / DEVIATIONS[channel];
      default -> throw new IllegalStateException(label + " is made by InceptionInput");
    };
  }
}
