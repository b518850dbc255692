package io.github.cpsample.trainer.data;

import io.github.cpsample.image.ImageShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The images of an IDX file, as MNIST and Fashion-MNIST are published: grey, one byte per pixel,
 * with the labels in a second file. Images of another size are centre-cropped and scaled to the
 * wanted shape, and repeated over three channels where it has three.
 *
 * <p>A plain file is read where it lies, so it may exceed memory. A gzipped one is unpacked into
 * memory as bytes (47 MB for MNIST) and must unpack to less than 2 GiB.
 */
public final class IdxImages implements ImageDataset {

  private static final int LABEL_RANK = 1;

  private final String name;
  private final ImageShape shape;
  private final ImageShape stored;
  private final IdxFile images;
  private final Optional<byte[]> labels;

  private IdxImages(String name, ImageShape shape, IdxFile images, Optional<byte[]> labels) {
    this.name = name;
    this.shape = shape;
    this.images = images;
    this.stored = new ImageShape(1, images.dimension(1), images.dimension(2));
    this.labels = labels;
  }

  /**
   * Opens images with the labels of the file beside them whose name has {@code labels-idx1} for
   * {@code images-idx3}, if there is one.
   *
   * @param file of images, gzipped or not
   * @param shape that images shall have
   * @return the data set, to be closed
   * @throws DataException if a file cannot be read, has a wrong magic number, is truncated or too
   *     long, or if there are not as many labels as images
   */
  public static IdxImages open(Path file, ImageShape shape) {
    return open(file, labelsBeside(file), shape);
  }

  /**
   * Opens images with the labels of a given file.
   *
   * @param file of images, gzipped or not
   * @param labelFile of labels, gzipped or not
   * @param shape that images shall have
   * @return the data set, to be closed
   * @throws DataException as for {@link #open(Path, ImageShape)}
   */
  public static IdxImages open(Path file, Path labelFile, ImageShape shape) {
    return open(file, Optional.of(labelFile), shape);
  }

  private static IdxImages open(Path file, Optional<Path> labelFile, ImageShape shape) {
    Optional<byte[]> labels = labelFile.map(path -> labels(path.toString(), source(path)));
    return of(file.toString(), source(file), labels, shape);
  }

  /** Takes ownership of {@code source}, also on failure. */
  static IdxImages of(String name, ByteSource source, Optional<byte[]> labels, ImageShape shape) {
    IdxFile images = IdxFile.open(name, source, IdxFile.IMAGE_RANK);
    if (labels.isPresent() && labels.get().length != images.count()) {
      images.close();
      throw new DataException(
          name
              + ": expected one label per image, found "
              + images.count()
              + " images and "
              + labels.get().length
              + " labels");
    }
    return new IdxImages(name, shape, images, labels);
  }

  /** Reads and closes a file of labels. */
  static byte[] labels(String name, ByteSource source) {
    try (IdxFile file = IdxFile.open(name, source, LABEL_RANK)) {
      byte[] labels = new byte[file.count()];
      file.read(0, labels);
      return labels;
    }
  }

  private static ByteSource source(Path file) {
    try {
      return ByteSource.open(file);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be opened: " + e, e);
    }
  }

  private static Optional<Path> labelsBeside(Path file) {
    String fileName = file.getFileName().toString();
    String labelName = fileName.replace("images-idx3", "labels-idx1");
    String plain = labelName.replaceFirst("\\.gz$", "");
    return labelName.equals(fileName)
        ? Optional.empty()
        : Optional.of(file.resolveSibling(labelName))
            .filter(Files::exists)
            .or(() -> Optional.of(file.resolveSibling(plain)).filter(Files::exists))
            .or(() -> Optional.of(file.resolveSibling(plain + ".gz")).filter(Files::exists));
  }

  @Override
  public int size() {
    return images.count();
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  @Override
  public String name(int index) {
    return name + "[" + Objects.checkIndex(index, size()) + "]";
  }

  @Override
  public void read(int index, float[] target, int offset) {
    byte[] pixels = new byte[stored.size()];
    images.read(Objects.checkIndex(index, size()), pixels);
    StoredPixels.write(pixels, 0, stored, shape, target, offset);
  }

  @Override
  public OptionalInt label(int index) {
    Objects.checkIndex(index, size());
    return labels.isPresent() ? OptionalInt.of(labels.get()[index] & 0xFF) : OptionalInt.empty();
  }

  @Override
  public void close() {
    images.close();
  }
}
