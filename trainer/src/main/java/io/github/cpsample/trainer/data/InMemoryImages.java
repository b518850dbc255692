package io.github.cpsample.trainer.data;

import io.github.cpsample.image.ImageShape;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Images decoded once and held in memory, four bytes per value. The broken images of the source are
 * reported and left out, so that every image here can be read. Immutable.
 */
public final class InMemoryImages implements ImageDataset {

  private final ImageShape shape;
  private final List<Image> images;

  private static final class Image {

    private final String name;
    private final OptionalInt label;
    private final float[] pixels;

    Image(String name, OptionalInt label, float[] pixels) {
      this.name = name;
      this.label = label;
      this.pixels = pixels;
    }
  }

  private InMemoryImages(ImageShape shape, List<Image> images) {
    this.shape = shape;
    this.images = images;
  }

  /**
   * Reads every image of a data set.
   *
   * @param source what to read; not owned, and not needed afterwards
   * @param broken where broken images are reported and counted
   * @return the readable images, in order
   * @throws DataException if none is readable
   */
  public static InMemoryImages load(ImageDataset source, BrokenImages broken) {
    List<Image> images = new ArrayList<>(source.size());
    for (int i = 0; i < source.size(); i++) {
      float[] pixels = new float[source.shape().size()];
      try {
        source.read(i, pixels, 0);
        images.add(new Image(source.name(i), source.label(i), pixels));
      } catch (BrokenImageException e) {
        broken.report(e);
      }
    }
    if (images.isEmpty()) {
      throw broken.allBroken(source);
    }
    return new InMemoryImages(source.shape(), List.copyOf(images));
  }

  /**
   * The pixels of every image, for searches and statistics.
   *
   * @return a copy, {@code [N][C*H*W]}, values in {@code [-1, 1]}
   */
  public float[][] rows() {
    return images.stream().map(image -> image.pixels.clone()).toArray(float[][]::new);
  }

  @Override
  public int size() {
    return images.size();
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  @Override
  public String name(int index) {
    return images.get(index).name;
  }

  @Override
  public void read(int index, float[] target, int offset) {
    float[] pixels = images.get(index).pixels;
    System.arraycopy(pixels, 0, target, offset, pixels.length);
  }

  @Override
  public OptionalInt label(int index) {
    return images.get(index).label;
  }
}
