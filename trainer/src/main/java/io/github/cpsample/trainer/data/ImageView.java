package io.github.cpsample.trainer.data;

import io.github.cpsample.image.ImageShape;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Chosen images of another data set, in a chosen order. Does not own it. */
public final class ImageView implements ImageDataset {

  private final ImageDataset source;
  private final int[] indices;

  /**
   * A view.
   *
   * @param source what to look at; not owned
   * @param indices at least one index into {@code source}, in the order wanted; copied
   * @throws IllegalArgumentException if there is no index, or one is out of range
   */
  public ImageView(ImageDataset source, int... indices) {
    this.source = Objects.requireNonNull(source, "source");
    this.indices = indices.clone();
    if (indices.length == 0) {
      throw new IllegalArgumentException("indices: expected at least one image, found none");
    }
    for (int index : indices) {
      if (index < 0 || index >= source.size()) {
        throw new IllegalArgumentException(
            "indices: expected 0 to " + (source.size() - 1) + ", found " + index);
      }
    }
  }

  /**
   * The first images of a data set.
   *
   * @param source what to look at; not owned
   * @param count how many, in {@code [1, source.size()]}
   * @return a view
   * @throws IllegalArgumentException if there are not so many
   */
  public static ImageView first(ImageDataset source, int count) {
    if (count < 1 || count > source.size()) {
      throw new IllegalArgumentException(
          "count: expected 1 to " + source.size() + " images, found " + count);
    }
    return new ImageView(source, IntStream.range(0, count).toArray());
  }

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public ImageShape shape() {
    return source.shape();
  }

  @Override
  public String name(int index) {
    return source.name(indices[index]);
  }

  @Override
  public void read(int index, float[] target, int offset) throws BrokenImageException {
    source.read(indices[index], target, offset);
  }

  @Override
  public OptionalInt label(int index) {
    return source.label(indices[index]);
  }
}
