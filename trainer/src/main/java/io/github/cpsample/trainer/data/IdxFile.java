package io.github.cpsample.trainer.data;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * One IDX file of unsigned bytes: a big-endian magic number {@code 0x000008dd} with dd dimensions,
 * the dimensions as big-endian ints, the bytes. Opening checks that the file is as long as its
 * header says. Thread-safe.
 */
final class IdxFile implements Closeable {

  private static final int UNSIGNED_BYTES = 0x0800;

  /** Images are three-dimensional: number, height, width. */
  static final int IMAGE_RANK = 3;

  private final String name;
  private final ByteSource source;
  private final int[] dimensions;
  private final int headerLength;

  private IdxFile(String name, ByteSource source, int[] dimensions, int headerLength) {
    this.name = name;
    this.source = source;
    this.dimensions = dimensions;
    this.headerLength = headerLength;
  }

  /** Reads the header of {@code source}, which this file owns from then on, also on failure. */
  static IdxFile open(String name, ByteSource source, int rank) {
    try {
      int headerLength = Integer.BYTES * (rank + 1);
      ByteBuffer header = header(name, source, headerLength, rank);
      int[] dimensions = new int[rank];
      for (int i = 0; i < rank; i++) {
        dimensions[i] = header.getInt();
      }
      IdxFile file = new IdxFile(name, source, dimensions, headerLength);
      file.requireLength();
      return file;
    } catch (IOException e) {
      source.close();
      throw new DataException(name + ": cannot be read: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /** Whether a file, gzipped or not, begins as an IDX file of images does. */
  static boolean hasImageMagic(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      in.mark(Integer.BYTES);
      byte[] magic = in.readNBytes(Integer.BYTES);
      if (magic.length == Integer.BYTES && ByteSource.isGzip(magic)) {
        in.reset();
        try (InputStream unzipped = new GZIPInputStream(in)) {
          magic = unzipped.readNBytes(Integer.BYTES);
        }
      }
      return magic.length == Integer.BYTES
          && ByteBuffer.wrap(magic).getInt() == (UNSIGNED_BYTES | IMAGE_RANK);
    }
  }

  private static ByteBuffer header(String name, ByteSource source, int length, int rank)
      throws IOException {
    byte[] bytes = new byte[(int) Math.min(length, source.length())];
    source.read(0, bytes);
    int expected = UNSIGNED_BYTES | rank;
    int found = bytes.length < Integer.BYTES ? 0 : ByteBuffer.wrap(bytes).getInt();
    if (bytes.length >= Integer.BYTES && found != expected) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: expected an IDX file of unsigned bytes in %d dimension(s), which begins with the"
                  + " magic number 0x%08x, found 0x%08x",
              name,
              rank,
              expected,
              found));
    }
    if (bytes.length < length) {
      throw new DataException(
          name + ": truncated: an IDX header of " + length + " bytes, found " + bytes.length);
    }
    return ByteBuffer.wrap(bytes).position(Integer.BYTES);
  }

  private void requireLength() {
    long expected = headerLength;
    for (int dimension : dimensions) {
      if (dimension < 1) {
        throw new DataException(
            name + ": expected dimensions of at least 1, found " + Arrays.toString(dimensions));
      }
    }
    try {
      expected = Math.addExact(expected, Math.multiplyExact((long) itemLength(), dimensions[0]));
    } catch (ArithmeticException e) {
      throw new DataException(
          name + ": the dimensions are absurd: " + Arrays.toString(dimensions), e);
    }
    if (source.length() != expected) {
      throw new DataException(
          name
              + (source.length() < expected ? ": truncated: " : ": too long: ")
              + "its header says "
              + Arrays.toString(dimensions)
              + ", that is "
              + expected
              + " bytes (unpacked), found "
              + source.length());
    }
  }

  int count() {
    return dimensions[0];
  }

  int dimension(int i) {
    return dimensions[i];
  }

  /** The bytes of one item: the product of all dimensions but the first. */
  int itemLength() {
    int length = 1;
    for (int i = 1; i < dimensions.length; i++) {
      length = Math.multiplyExact(length, dimensions[i]);
    }
    return length;
  }

  /** Reads {@code target.length} bytes from the beginning of item {@code index}. */
  void read(int index, byte[] target) {
    try {
      source.read(headerLength + (long) index * itemLength(), target);
    } catch (IOException e) {
      throw new DataException(name + ": item " + index + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    source.close();
  }
}
