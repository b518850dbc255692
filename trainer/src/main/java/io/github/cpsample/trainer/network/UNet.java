package io.github.cpsample.trainer.network;

import io.github.cpsample.trainer.network.Layers.Conv;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/**
 * A denoiser in the manner of DDPM (Ho et al., 2020, arXiv 2006.11239, section B): residual blocks
 * with group normalisation and SiLU, a time embedding added in every block, self-attention at
 * chosen resolutions, skip connections by concatenation. The prediction has the image's shape.
 */
public final class UNet implements Network {

  private static final int FREQUENCIES = 32;

  private final UNetConfig config;

  /**
   * A network of the given configuration.
   *
   * @param config its widths, depths and image shape
   */
  public UNet(UNetConfig config) {
    this.config = config;
  }

  /**
   * The configuration.
   *
   * @return what the network was made from
   */
  public UNetConfig config() {
    return config;
  }

  @Override
  public int[] imageShape() {
    return new int[] {config.channels(), config.height(), config.width()};
  }

  @Override
  public int classes() {
    return config.classes();
  }

  @Override
  public <T> T apply(Ops<T> ops, Inputs<T> inputs) {
    return new Pass<>(ops, inputs).run(inputs.x());
  }

  /** One pass through the network; keeps what its parts have in common. */
  private final class Pass<T> {
    private final Ops<T> ops;
    private final Layers<T> layers;
    private final T time;
    private final Deque<Skip<T>> skips = new ArrayDeque<>();

    Pass(Ops<T> ops, Inputs<T> inputs) {
      this.ops = ops;
      this.layers = new Layers<>(ops);
      T embedded =
          layers.timeEmbedding(
              "time", Objects.requireNonNull(inputs.t(), "t"), FREQUENCIES, config.timeWidth());
      if (config.classes() > 0) {
        T table =
            ops.parameter(
                ParameterSpec.of(
                    "label.table", Initializer.LECUN_NORMAL, config.classes(), config.timeWidth()));
        embedded =
            ops.add(
                embedded, ops.embedding(table, Objects.requireNonNull(inputs.label(), "label")));
      }
      this.time = ops.silu(embedded);
    }

    T run(T x) {
      int patchChannels = config.channels() * config.patch() * config.patch();
      int first = config.widths().get(0);
      T h = config.patch() == 1 ? x : ops.spaceToDepth(x, config.patch());
      h = layers.conv("stem", h, Conv.of3x3(patchChannels, first));
      h = up(middle(down(h)));
      h = layers.normSilu("out.norm", h, first, config.groups());
      h =
          layers.conv(
              "out.conv", h, Conv.of3x3(first, patchChannels).startingAt(Initializer.ZEROS));
      return config.patch() == 1 ? h : ops.depthToSpace(h, config.patch());
    }

    private T down(T stem) {
      T h = stem;
      int in = config.widths().get(0);
      skips.push(new Skip<>(h, in));
      for (int level = 0; level < config.widths().size(); level++) {
        int width = config.widths().get(level);
        for (int block = 0; block < config.blocks(); block++) {
          h = stage("down." + level + "." + block, h, in, level);
          in = width;
          skips.push(new Skip<>(h, width));
        }
        if (level < config.widths().size() - 1) {
          Conv halve = Conv.of3x3(width, width).withStride(2);
          h = layers.conv("down." + level + ".halve", h, halve);
          skips.push(new Skip<>(h, width));
        }
      }
      return h;
    }

    private T middle(T x) {
      int last = config.widths().size() - 1;
      int width = config.widths().get(last);
      T h = stage("middle.0", x, width, last);
      return residual("middle.1", h, width, width);
    }

    private T up(T x) {
      T h = x;
      int in = config.widths().get(config.widths().size() - 1);
      for (int level = config.widths().size() - 1; level >= 0; level--) {
        int width = config.widths().get(level);
        for (int block = 0; block <= config.blocks(); block++) {
          Skip<T> skip = skips.pop();
          h = ops.concat(List.of(h, skip.value()));
          h = stage("up." + level + "." + block, h, in + skip.width(), level);
          in = width;
        }
        if (level > 0) {
          String name = "up." + level + ".double";
          h = layers.conv(name, ops.upsampleNearest(h), Conv.of3x3(width, width));
        }
      }
      return h;
    }

    /** A residual block, with attention behind it where the level has it. */
    private T stage(String name, T x, int in, int level) {
      int width = config.widths().get(level);
      T h = residual(name, x, in, width);
      int[] size = size(level);
      return config.attentionSizes().contains(size[0])
          ? layers.attention(name + ".attention", h, width, size)
          : h;
    }

    private T residual(String name, T x, int in, int out) {
      T h = layers.normSilu(name + ".norm0", x, in, config.groups());
      h = layers.conv(name + ".conv0", h, Conv.of3x3(in, out));
      h = ops.add(h, layers.perChannel(name + ".time", time, config.timeWidth(), out));
      h = layers.normSilu(name + ".norm1", h, out, config.groups());
      h = layers.conv(name + ".conv1", h, Conv.of3x3(out, out).startingAt(Initializer.ZEROS));
      T shortcut =
          in == out
              ? x
              : layers.conv(
                  name + ".shortcut", x, new Conv(in, out, 1, 1, Initializer.LECUN_NORMAL));
      return ops.add(shortcut, h);
    }

    private int[] size(int level) {
      int divisor = config.patch() << level;
      return new int[] {config.height() / divisor, config.width() / divisor};
    }
  }

  private record Skip<T>(T value, int width) {}
}
