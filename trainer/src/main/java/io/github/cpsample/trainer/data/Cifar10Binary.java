package io.github.cpsample.trainer.data;

import io.github.cpsample.image.ImageShape;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * The images of CIFAR-10's binary version: records of 3,073 bytes, a label in 0 to 9 and then 32x32
 * pixels as a red, a green and a blue plane. Files are read where they lie, so they may exceed
 * memory; gzipped ones are unpacked into memory. Images are scaled to the wanted shape, and made
 * grey where it has one channel.
 */
public final class Cifar10Binary implements ImageDataset {

  /** The shape of the images as they are stored. */
  public static final ImageShape STORED_SHAPE = new ImageShape(3, 32, 32);

  private final ImageShape shape;
  private final List<CifarFile> files;

  /** The index of the first image of every file, and last the number of all images. */
  private final int[] starts;

  private Cifar10Binary(ImageShape shape, List<CifarFile> files) {
    this.shape = Objects.requireNonNull(shape, "shape");
    this.files = List.copyOf(files);
    this.starts = new int[files.size() + 1];
    for (int i = 0; i < files.size(); i++) {
      starts[i + 1] = Math.addExact(starts[i], files.get(i).count());
    }
  }

  /**
   * Opens one file, or a folder: its files {@code data_batch_*.bin}, the training images as they
   * are published (without {@code test_batch.bin}), or if there are none of that name all its files
   * {@code *.bin}, in the order of their names.
   *
   * @param path of a file or a folder
   * @param shape that images shall have
   * @return the data set, to be closed
   * @throws DataException as for {@link #open(List, ImageShape)}, and if the folder has no such
   *     file
   */
  public static Cifar10Binary open(Path path, ImageShape shape) {
    return open(Files.isDirectory(path) ? filesIn(path) : List.of(path), shape);
  }

  /**
   * Opens files, one after the other.
   *
   * @param paths at least one
   * @param shape that images shall have
   * @return the data set, to be closed
   * @throws DataException if a file cannot be read, is no whole number of records long, or has a
   *     label above 9
   */
  public static Cifar10Binary open(List<Path> paths, ImageShape shape) {
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("paths: expected at least one file, found none");
    }
    List<CifarFile> files = new ArrayList<>();
    try {
      paths.forEach(path -> files.add(CifarFile.open(path)));
      return new Cifar10Binary(shape, files);
    } catch (RuntimeException e) {
      files.forEach(CifarFile::close);
      throw e;
    }
  }

  private static List<Path> filesIn(Path folder) {
    List<Path> files = list(folder, "data_batch_*.bin");
    if (files.isEmpty()) {
      files = list(folder, "*.bin");
    }
    if (files.isEmpty()) {
      throw new DataException(folder + ": expected CIFAR-10 files named *.bin, found none");
    }
    return files;
  }

  private static List<Path> list(Path folder, String glob) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
      entries.forEach(files::add);
    } catch (IOException | DirectoryIteratorException e) {
      throw new DataException(folder + ": cannot be listed: " + e, e);
    }
    files.sort(Comparator.comparing(file -> file.getFileName().toString()));
    return files;
  }

  private int fileOf(int index) {
    Objects.checkIndex(index, size());
    int found = Arrays.binarySearch(starts, index);
    return found >= 0 ? found : -found - 2;
  }

  @Override
  public int size() {
    return starts[starts.length - 1];
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  @Override
  public String name(int index) {
    int file = fileOf(index);
    return files.get(file).name(index - starts[file]);
  }

  @Override
  public void read(int index, float[] target, int offset) {
    int file = fileOf(index);
    byte[] record = files.get(file).read(index - starts[file]);
    StoredPixels.write(record, 1, STORED_SHAPE, shape, target, offset);
  }

  @Override
  public OptionalInt label(int index) {
    int file = fileOf(index);
    return OptionalInt.of(files.get(file).label(index - starts[file]));
  }

  @Override
  public void close() {
    files.forEach(CifarFile::close);
  }

  /** One file of CIFAR-10 records: a label byte, then 32x32 pixels in three planes. Thread-safe. */
  private static final class CifarFile implements Closeable {

    static final int RECORD_LENGTH = 1 + 3 * 32 * 32;
    private static final int CLASSES = 10;

    private final Path path;
    private final ByteSource source;
    private final byte[] labels;

    private CifarFile(Path path, ByteSource source, byte[] labels) {
      this.path = path;
      this.source = source;
      this.labels = labels;
    }

    /** Opens a file, and checks its length and all its labels. */
    static CifarFile open(Path path) {
      try {
        ByteSource source = ByteSource.open(path);
        try {
          return new CifarFile(path, source, labels(path, source));
        } catch (IOException | RuntimeException e) {
          source.close();
          throw e;
        }
      } catch (IOException e) {
        throw new DataException(path + ": cannot be read: " + e, e);
      }
    }

    private static byte[] labels(Path path, ByteSource source) throws IOException {
      long records = source.length() / RECORD_LENGTH;
      if (records == 0 || source.length() % RECORD_LENGTH != 0 || records > Integer.MAX_VALUE) {
        throw new DataException(
            path
                + ": expected CIFAR-10 records of "
                + RECORD_LENGTH
                + " bytes each, found "
                + source.length()
                + " bytes, which is no whole number of them (truncated, or another format)");
      }
      byte[] labels = new byte[(int) records];
      byte[] label = new byte[1];
      for (int i = 0; i < labels.length; i++) {
        source.read((long) i * RECORD_LENGTH, label);
        if (label[0] < 0 || label[0] >= CLASSES) {
          throw new DataException(
              String.format(
                  Locale.ROOT,
                  "%s: expected labels from 0 to 9, found %d in record %d: not a CIFAR-10 file",
                  path,
                  label[0] & 0xFF,
                  i));
        }
        labels[i] = label[0];
      }
      return labels;
    }

    int count() {
      return labels.length;
    }

    int label(int record) {
      return labels[record];
    }

    String name(int record) {
      return path + "[" + record + "]";
    }

    /** The whole record, label and pixels. */
    byte[] read(int record) {
      byte[] bytes = new byte[RECORD_LENGTH];
      try {
        source.read((long) record * RECORD_LENGTH, bytes);
        return bytes;
      } catch (IOException e) {
        throw new DataException(name(record) + ": cannot be read: " + e.getMessage(), e);
      }
    }

    @Override
    public void close() {
      source.close();
    }
  }
}
