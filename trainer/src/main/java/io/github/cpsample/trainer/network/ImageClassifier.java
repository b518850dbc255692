package io.github.cpsample.trainer.network;

import io.github.cpsample.trainer.network.Layers.Conv;
import java.util.List;

/**
 * An ordinary classifier of clean images. Its penultimate layer gives the features in which quality
 * is measured (Frechet distance); {@link #features()} is the part that computes them.
 */
public final class ImageClassifier implements Network {

  private static final List<Integer> WIDTHS = List.of(32, 64, 64);

  private final int channels;
  private final int height;
  private final int width;
  private final int categories;

  /**
   * A classifier of the given size.
   *
   * @param channels image channels, 1 or 3
   * @param height image height, divisible by 4
   * @param width image width, divisible by 4
   * @param categories the number of logits
   */
  public ImageClassifier(int channels, int height, int width, int categories) {
    NetworkChecks.imageFits(channels, height, width, 1 << (WIDTHS.size() - 1));
    NetworkChecks.positive("categories", categories);
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.categories = categories;
  }

  @Override
  public int[] imageShape() {
    return new int[] {channels, height, width};
  }

  @Override
  public int classes() {
    return 0;
  }

  @Override
  public boolean timed() {
    return false;
  }

  @Override
  public <T> T apply(Ops<T> ops, Inputs<T> inputs) {
    T features = features(ops, inputs.x());
    return new Layers<>(ops)
        .linear("head", features, featureWidth(), categories, Initializer.LECUN_NORMAL);
  }

  /**
   * The number of categories.
   *
   * @return the number of logits
   */
  public int categories() {
    return categories;
  }

  /**
   * The number of features.
   *
   * @return the width of the penultimate layer
   */
  public static int featureWidth() {
    return WIDTHS.get(WIDTHS.size() - 1);
  }

  private <T> T features(Ops<T> ops, T x) {
    Layers<T> layers = new Layers<>(ops);
    T h = x;
    int in = channels;
    for (int level = 0; level < WIDTHS.size(); level++) {
      int out = WIDTHS.get(level);
      Conv conv = Conv.of3x3(in, out).withStride(level == 0 ? 1 : 2);
      h =
          layers.normSilu(
              "level." + level + ".norm", layers.conv("level." + level, h, conv), out, 8);
      in = out;
    }
    return ops.globalAveragePool(h);
  }

  /**
   * The features alone: [N,C,H,W] to [N,featureWidth]. Its parameters are those of the whole
   * classifier but for the last layer, in the same order.
   *
   * @return a network without the last layer
   */
  public Network features() {
    return new Network() {
      @Override
      public <T> T apply(Ops<T> ops, Inputs<T> inputs) {
        return ImageClassifier.this.features(ops, inputs.x());
      }

      @Override
      public int[] imageShape() {
        return ImageClassifier.this.imageShape();
      }

      @Override
      public int classes() {
        return 0;
      }

      @Override
      public boolean timed() {
        return false;
      }
    };
  }
}
