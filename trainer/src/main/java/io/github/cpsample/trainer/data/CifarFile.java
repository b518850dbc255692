package io.github.cpsample.trainer.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** One file of CIFAR-10 records: a label byte, then 32x32 pixels in three planes. Thread-safe. */
final class CifarFile implements Closeable {

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
