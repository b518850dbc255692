package io.github.cpsample.trainer.network;

import java.util.List;

/**
 * The configuration of a {@link MemorizingClassifier}.
 *
 * @param channels image channels
 * @param height image height, divisible by {@code patch * 2^(levels-1)}
 * @param width image width, divisible likewise
 * @param patch side of the blocks of pixels that enter as channels
 * @param widths channels per level, from fine to coarse; multiples of 16
 * @param blocks residual blocks per level
 * @param timeWidth width of the time embedding
 * @param bits K, the number of logits
 */
public record ClassifierConfig(
    int channels,
    int height,
    int width,
    int patch,
    List<Integer> widths,
    int blocks,
    int timeWidth,
    int bits) {

  public ClassifierConfig {
    widths = List.copyOf(widths);
    NetworkChecks.imageFits(channels, height, width, patch << (widths.size() - 1));
    NetworkChecks.widths(widths, 1);
    NetworkChecks.positive("blocks", blocks);
    NetworkChecks.positive("timeWidth", timeWidth);
    NetworkChecks.positive("bits", bits);
  }
}
