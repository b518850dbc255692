package io.github.cpsample.trainer.network;

import java.util.List;

/**
 * The configuration of a {@link UNet}.
 *
 * @param channels image channels
 * @param height image height, divisible by {@code patch * 2^(levels-1)}
 * @param width image width, divisible likewise
 * @param patch side of the blocks of pixels that enter as channels; 1 works on pixels, 2 quarters
 *     the cost at a given width
 * @param widths channels per level, from fine to coarse; multiples of 16
 * @param blocks residual blocks per level on the way down (one more on the way up)
 * @param attentionSizes heights of the levels (in patches) that get self-attention
 * @param timeWidth width of the time embedding
 * @param groups groups of the normalisation, a divisor of every width
 * @param classes number of class labels, 0 for an unconditional network
 */
public record UNetConfig(
    int channels,
    int height,
    int width,
    int patch,
    List<Integer> widths,
    int blocks,
    List<Integer> attentionSizes,
    int timeWidth,
    int groups,
    int classes) {

  public UNetConfig {
    widths = List.copyOf(widths);
    attentionSizes = List.copyOf(attentionSizes);
    NetworkChecks.imageFits(channels, height, width, patch << (widths.size() - 1));
    NetworkChecks.widths(widths, groups);
    NetworkChecks.positive("blocks", blocks);
    NetworkChecks.positive("timeWidth", timeWidth);
    if (classes < 0) {
      throw new IllegalArgumentException("U-Net: expected classes >= 0, found " + classes);
    }
  }
}
