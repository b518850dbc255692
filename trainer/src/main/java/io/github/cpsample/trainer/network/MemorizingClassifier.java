package io.github.cpsample.trainer.network;

import io.github.cpsample.trainer.network.Layers.Conv;
import java.util.Objects;

/**
 * The time-conditioned classifier of CPSample (Kazdan et al., 2025, arXiv 2409.07025) with K
 * logits.
 *
 * <p>Sampling calls it at every guarded step, so it is made of what is cheap to run and to
 * differentiate: pixels enter in patches, residual blocks have no normalisation (their second
 * convolution starts at zero instead, after Zhang et al., 2019, arXiv 1901.09321), and the head is
 * linear in all pixels of the coarsest level, which memorises better than a pooled one.
 */
public final class MemorizingClassifier implements Network {

  private static final int FREQUENCIES = 16;

  private final ClassifierConfig config;

  /**
   * A classifier of the given configuration.
   *
   * @param config its widths, depths and image shape
   */
  public MemorizingClassifier(ClassifierConfig config) {
    this.config = config;
  }

  /**
   * The configuration.
   *
   * @return what the network was made from
   */
  public ClassifierConfig config() {
    return config;
  }

  @Override
  public int[] imageShape() {
    return new int[] {config.channels(), config.height(), config.width()};
  }

  @Override
  public int classes() {
    return 0;
  }

  @Override
  public <T> T apply(Ops<T> ops, Inputs<T> inputs) {
    Layers<T> layers = new Layers<>(ops);
    T time =
        ops.silu(
            layers.timeEmbedding(
                "time", Objects.requireNonNull(inputs.t(), "t"), FREQUENCIES, config.timeWidth()));
    T h = config.patch() == 1 ? inputs.x() : ops.spaceToDepth(inputs.x(), config.patch());
    int in = config.channels() * config.patch() * config.patch();
    for (int level = 0; level < config.widths().size(); level++) {
      int width = config.widths().get(level);
      Conv enter = Conv.of3x3(in, width).withStride(level == 0 ? 1 : 2);
      h = layers.conv("level." + level + ".enter", h, enter);
      for (int block = 0; block < config.blocks(); block++) {
        h = residual(layers, ops, "level." + level + "." + block, h, time, width);
      }
      in = width;
    }
    int divisor = config.patch() << (config.widths().size() - 1);
    int features = in * (config.height() / divisor) * (config.width() / divisor);
    T flat = ops.reshape(ops.silu(h), features);
    return layers.linear("head", flat, features, config.bits(), Initializer.LECUN_NORMAL);
  }

  private <T> T residual(Layers<T> layers, Ops<T> ops, String name, T x, T time, int width) {
    T h = layers.conv(name + ".conv0", ops.silu(x), Conv.of3x3(width, width));
    h = ops.add(h, layers.perChannel(name + ".time", time, config.timeWidth(), width));
    Conv last = Conv.of3x3(width, width).startingAt(Initializer.ZEROS);
    return ops.add(x, layers.conv(name + ".conv1", ops.silu(h), last));
  }
}
