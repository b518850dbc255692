package io.github.cpsample.trainer.data;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What is left of a data set without the images of another: without those whose pixels, as bytes,
 * equal one of them, under whatever name and however often.
 *
 * @param images a view of what is left, in order; broken images stay in it
 * @param leftOut how many images were left out
 */
public record RemainingImages(ImageView images, int leftOut) {

  public RemainingImages {
    Objects.requireNonNull(images, "images");
  }

  /**
   * Reads both data sets once.
   *
   * @param source what to leave images out of; not owned
   * @param unwanted what to leave out, of the same shape; not owned
   * @param brokenUnwanted where broken images of {@code unwanted} are reported
   * @return what is left
   * @throws IllegalArgumentException if the shapes differ
   * @throws DataException if nothing is left
   */
  public static RemainingImages of(
      ImageDataset source, ImageDataset unwanted, BrokenImages brokenUnwanted) {
    if (!source.shape().equals(unwanted.shape())) {
      throw new IllegalArgumentException(
          "Images to leave out: expected shape " + source.shape() + ", found " + unwanted.shape());
    }
    Set<ByteBuffer> known = new HashSet<>();
    for (int i = 0; i < unwanted.size(); i++) {
      try {
        known.add(pixels(unwanted, i));
      } catch (BrokenImageException e) {
        brokenUnwanted.report(e);
      }
    }
    int[] kept =
        IntStream.range(0, source.size()).filter(i -> !contains(known, source, i)).toArray();
    if (kept.length == 0) {
      throw new DataException("all " + source.size() + " images are among those to leave out");
    }
    return new RemainingImages(new ImageView(source, kept), source.size() - kept.length);
  }

  /** A broken image equals none; whoever reads it later reports it. */
  private static boolean contains(Set<ByteBuffer> known, ImageDataset source, int index) {
    try {
      return known.contains(pixels(source, index));
    } catch (BrokenImageException e) {
      return false;
    }
  }

  private static ByteBuffer pixels(ImageDataset images, int index) throws BrokenImageException {
    float[] values = new float[images.shape().size()];
    images.read(index, values, 0);
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = PixelBytes.toByte(values[i]);
    }
    return ByteBuffer.wrap(bytes);
  }
}
