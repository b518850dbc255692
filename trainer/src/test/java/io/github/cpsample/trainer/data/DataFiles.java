package io.github.cpsample.trainer.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** Makes and reads small data files for the tests. */
final class DataFiles {

  private DataFiles() {}

  /** An IDX file: magic number, dimensions, then every character as a byte. */
  static byte[] idx(int magic, String content, int... dimensions) {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * dimensions.length + bytes.length).putInt(magic);
    for (int dimension : dimensions) {
      file.putInt(dimension);
    }
    return file.put(bytes).array();
  }

  static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  /** A CIFAR-10 record: pixel p of the planes, 0 to 3071, is the byte 3 p + value. */
  static byte[] cifarRecord(int label, int value) {
    byte[] record = new byte[3073];
    record[0] = (byte) label;
    for (int p = 0; p < 3072; p++) {
      record[p + 1] = (byte) (3 * p + value);
    }
    return record;
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** Reads an image that must not be broken. */
  static void read(ImageDataset dataset, int index, float[] target, int offset) {
    try {
      dataset.read(index, target, offset);
    } catch (BrokenImageException e) {
      throw new AssertionError(e);
    }
  }

  static float[] read(ImageDataset dataset, int index) {
    float[] image = new float[dataset.shape().size()];
    read(dataset, index, image, 0);
    return image;
  }
}
