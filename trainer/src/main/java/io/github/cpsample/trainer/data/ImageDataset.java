package io.github.cpsample.trainer.data;

import io.github.cpsample.image.ImageShape;
import java.io.Closeable;
import java.util.OptionalInt;

/**
 * Images of one shape with random access by index. All methods may be called from several threads
 * at once. The order of the images never changes, neither between calls nor between runs over the
 * same files.
 *
 * <p>A data set may hold files open; {@link #close()} releases them. A view of a data set does not
 * own it: closing the view closes nothing.
 */
public interface ImageDataset extends Closeable {

  /**
   * The number of images, broken ones included.
   *
   * @return at least 1
   */
  int size();

  /**
   * The shape of every image.
   *
   * @return channels, height and width
   */
  ImageShape shape();

  /**
   * What an image is called in messages: its path where it has a file of its own, otherwise the
   * file and the number in it.
   *
   * @param index in {@code [0, size())}
   * @return the name, never empty
   * @throws IndexOutOfBoundsException if there is no such image
   */
  String name(int index);

  /**
   * Writes one image into {@code target}, layout {@code [C, H, W]}, values in {@code [-1, 1]}.
   *
   * @param index in {@code [0, size())}
   * @param target modified from {@code offset} for {@code C*H*W} values; unspecified there after an
   *     exception
   * @param offset where the image begins in {@code target}
   * @throws BrokenImageException if this image cannot be read; others may be
   * @throws IndexOutOfBoundsException if there is no such image or {@code target} is too short
   * @throws DataException if the data set as a whole became unreadable
   */
  void read(int index, float[] target, int offset) throws BrokenImageException;

  /**
   * The class of an image.
   *
   * @param index in {@code [0, size())}
   * @return a class number from 0, or empty where the data set has no classes
   * @throws IndexOutOfBoundsException if there is no such image
   */
  OptionalInt label(int index);

  /** Releases open files, if any. Does nothing the second time. */
  @Override
  default void close() {}
}
