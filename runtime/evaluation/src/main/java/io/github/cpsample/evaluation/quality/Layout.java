package io.github.cpsample.evaluation.quality;

import io.github.cpsample.base.Checks;
import java.util.Locale;

/** The order of an image's axes. */
public enum Layout {
  /** Channels, rows, columns: PyTorch's. */
  NCHW,
  /** Rows, columns, channels: TensorFlow's. */
  NHWC;

  /**
   * The one of a name.
   *
   * @param label {@code nchw} or {@code nhwc}
   * @return it
   * @throws IllegalArgumentException if it is neither
   */
  public static Layout of(String label) {
    return Checks.named("layout", values(), Layout::label, label);
  }

  /**
   * Its name on the command line.
   *
   * @return in lower case
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Which of the four axes holds the channels. */
  int channelAxis() {
    return this == NCHW ? 1 : 3;
  }

  /** Which of the four axes holds the rows. */
  int heightAxis() {
    return this == NCHW ? 2 : 1;
  }

  /** Which of the four axes holds the columns. */
  int widthAxis() {
    return heightAxis() + 1;
  }
}
