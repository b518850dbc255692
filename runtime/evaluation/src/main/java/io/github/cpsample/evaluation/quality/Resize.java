package io.github.cpsample.evaluation.quality;

import io.github.cpsample.base.Checks;
import io.github.cpsample.image.PlaneResizer;

/** How images are stretched to the size that an embedder takes. */
public enum Resize {
  /** Pillow's antialiased bicubic filter. */
  BICUBIC("bicubic") {
    @Override
    PlaneResizer resizer(int height, int width, int newHeight, int newWidth) {
      return PlaneResizer.bicubic(height, width, newHeight, newWidth);
    }
  },
  /** PyTorch's bilinear interpolation, without antialiasing. */
  BILINEAR("bilinear") {
    @Override
    PlaneResizer resizer(int height, int width, int newHeight, int newWidth) {
      return PlaneResizer.bilinear(height, width, newHeight, newWidth);
    }
  };

  private final String label;

  Resize(String label) {
    this.label = label;
  }

  /**
   * The one of a name.
   *
   * @param label {@code bicubic} or {@code bilinear}
   * @return it
   * @throws IllegalArgumentException if it is neither
   */
  public static Resize of(String label) {
    return Checks.named("resize", values(), it -> it.label, label);
  }

  /**
   * Its name on the command line.
   *
   * @return it
   */
  public String label() {
    return label;
  }

  abstract PlaneResizer resizer(int height, int width, int newHeight, int newWidth);
}
