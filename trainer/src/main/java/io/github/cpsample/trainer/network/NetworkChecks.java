package io.github.cpsample.trainer.network;

import java.util.List;

/** The checks that network configurations share. */
final class NetworkChecks {

  private NetworkChecks() {}

  static void imageFits(int channels, int height, int width, int divisor) {
    positive("channels", channels);
    if (divisor < 1 || height < 1 || width < 1 || height % divisor != 0 || width % divisor != 0) {
      throw new IllegalArgumentException(
          "Network: expected an image size divisible by patch times 2 to the number of halvings ("
              + divisor
              + "), found "
              + height
              + "x"
              + width
              + "; use fewer levels or another patch");
    }
  }

  static void widths(List<Integer> widths, int groups) {
    if (widths.isEmpty()) {
      throw new IllegalArgumentException("Network: expected at least one width, found none");
    }
    for (int width : widths) {
      if (width < 16 || width % 16 != 0 || groups < 1 || width % groups != 0) {
        throw new IllegalArgumentException(
            "Network: expected widths that are multiples of 16 and of the number of groups ("
                + groups
                + "), found "
                + widths);
      }
    }
  }

  static void positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("Network: expected " + name + " >= 1, found " + value);
    }
  }
}
