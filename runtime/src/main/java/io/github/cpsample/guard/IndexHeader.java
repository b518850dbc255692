package io.github.cpsample.guard;

import io.github.cpsample.image.ImageShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The first 40 bytes of an index's file: the letters {@code CPSINDEX} and eight numbers of four
 * bytes, the highest byte first.
 *
 * @param shape shape of the images
 * @param images number of different images
 * @param sourceImages number of images that it was made from
 * @param fingerprintBytes length of the fingerprint
 * @param nameBytes length of all names with the line feed after each
 */
record IndexHeader(
    ImageShape shape, int images, int sourceImages, int fingerprintBytes, int nameBytes) {

  static final int BYTES = 40;
  static final int HASH_BYTES = 32;
  private static final byte[] MAGIC = "CPSINDEX".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int MOST_FINGERPRINT = 1 << 10;

  byte[] toBytes() {
    return ByteBuffer.allocate(BYTES)
        .put(MAGIC)
        .putInt(VERSION)
        .putInt(shape.channels())
        .putInt(shape.height())
        .putInt(shape.width())
        .putInt(images)
        .putInt(sourceImages)
        .putInt(fingerprintBytes)
        .putInt(nameBytes)
        .array();
  }

  /** Length of the whole file. */
  long fileBytes() {
    long values = Math.multiplyExact((long) images, shape.size());
    long rest = (long) BYTES + fingerprintBytes + nameBytes + HASH_BYTES;
    return Math.addExact(Math.multiplyExact(values, Float.BYTES), rest);
  }

  /** Reads a header and refuses whatever cannot be one of a file of this length. */
  static IndexHeader read(byte[] bytes, long fileBytes) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte[] magic = new byte[MAGIC.length];
    in.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new IOException("expected a training index, which begins with CPSINDEX, found another");
    }
    int version = in.getInt();
    if (version != VERSION) {
      throw new IOException("expected version " + VERSION + " of the format, found " + version);
    }
    ImageShape shape = shape(in.getInt(), in.getInt(), in.getInt());
    int images = atLeast("number of images", in.getInt(), 2);
    int sourceImages = atLeast("number of source images", in.getInt(), images);
    int fingerprintBytes = atLeast("length of the fingerprint", in.getInt(), 0);
    int nameBytes = atLeast("length of the names", in.getInt(), 2 * images);
    if (fingerprintBytes > MOST_FINGERPRINT) {
      throw new IOException(
          "expected a fingerprint of at most "
              + MOST_FINGERPRINT
              + " bytes, found "
              + fingerprintBytes);
    }
    IndexHeader header = new IndexHeader(shape, images, sourceImages, fingerprintBytes, nameBytes);
    header.requireLength(fileBytes);
    return header;
  }

  private void requireLength(long fileBytes) throws IOException {
    long expected;
    try {
      expected = fileBytes();
    } catch (ArithmeticException e) {
      throw new IOException("expected fewer values than " + images + " images of " + shape, e);
    }
    if (expected != fileBytes) {
      throw new IOException(
          "expected "
              + expected
              + " bytes for "
              + images
              + " images of "
              + shape
              + ", found "
              + fileBytes);
    }
  }

  private static ImageShape shape(int channels, int height, int width) throws IOException {
    try {
      return new ImageShape(channels, height, width);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IOException("expected the shape of an image: " + e.getMessage(), e);
    }
  }

  private static int atLeast(String what, int value, int least) throws IOException {
    if (value < least || least < 0) {
      throw new IOException(what + ": expected at least " + least + ", found " + value);
    }
    return value;
  }
}
