package io.github.cpsample.trainer.data;

import io.github.cpsample.image.ImageShape;

/**
 * The images of one training step. The arrays belong to whoever holds the batch: a {@link
 * BatchLoader} gives them away and never touches them again.
 */
public final class Batch {

  /** The label of an image whose data set has no classes. */
  public static final int NO_LABEL = -1;

  private final long number;
  private final ImageShape shape;
  private final int bits;
  private final float[] images;
  private final int[] indices;
  private final int[] labels;
  private final byte[] codes;

  Batch(long number, ImageShape shape, int size, int bits) {
    this.number = number;
    this.shape = shape;
    this.bits = bits;
    this.images = new float[Math.multiplyExact(size, shape.size())];
    this.indices = new int[size];
    this.labels = new int[size];
    this.codes = new byte[Math.multiplyExact(size, bits)];
  }

  /**
   * The place of this batch in the stream.
   *
   * @return a number from 0
   */
  public long number() {
    return number;
  }

  /**
   * The number of images.
   *
   * @return N, at least 1
   */
  public int size() {
    return indices.length;
  }

  /**
   * The shape of every image.
   *
   * @return C, H and W
   */
  public ImageShape shape() {
    return shape;
  }

  /**
   * The length of an image's code.
   *
   * @return K, 0 where no codes were asked for
   */
  public int bits() {
    return bits;
  }

  /**
   * The pixels.
   *
   * @return the array itself, {@code [N, C, H, W]}, values in {@code [-1, 1]}
   */
  public float[] images() {
    return images;
  }

  /**
   * Which images of the data set these are.
   *
   * @return the array itself, {@code [N]}, indices into the data set
   */
  public int[] indices() {
    return indices;
  }

  /**
   * The classes of the images.
   *
   * @return the array itself, {@code [N]}, {@link #NO_LABEL} where the data set has no classes
   */
  public int[] labels() {
    return labels;
  }

  /**
   * The codes of the images as they are stored, whether or not they were flipped for this batch.
   *
   * @return the array itself, {@code [N, K]}, every entry 0 or 1
   */
  public byte[] codes() {
    return codes;
  }
}
