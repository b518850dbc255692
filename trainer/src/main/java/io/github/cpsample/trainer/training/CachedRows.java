package io.github.cpsample.trainer.training;

import io.github.cpsample.files.WholeFile;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows of numbers that are made once and kept in a file of a run's folder, so that a resumed run
 * goes on with the same ones. The file bears the fingerprint of all that decides what is in it, is
 * readable by its owner alone, and is as sensitive as the images.
 */
final class CachedRows {

  private static final long MAGIC = 0x43505352_4f575331L;
  private static final int LARGEST_ROW = 1 << 28;

  private CachedRows() {}

  /**
   * The rows of a file, or new ones where it holds none of this fingerprint.
   *
   * @param file where they are kept
   * @param fingerprint of all that decides what they are
   * @param maker makes them; rows of one length
   * @throws IOException if the file cannot be read or written, or is damaged
   */
  static float[][] of(Path file, String fingerprint, Supplier<float[][]> maker) throws IOException {
    Optional<float[][]> kept = read(file, fingerprint);
    if (kept.isPresent()) {
      return kept.get();
    }
    float[][] made = maker.get();
    WholeFile.writePrivate(file, out -> write(out, fingerprint, made));
    return made;
  }

  private static void write(OutputStream target, String fingerprint, float[][] rows)
      throws IOException {
    CRC32 checksum = new CRC32();
    DataOutputStream out = new DataOutputStream(new CheckedOutputStream(target, checksum));
    int length = rows.length == 0 ? 0 : rows[0].length;
    out.writeLong(MAGIC);
    out.writeUTF(fingerprint);
    out.writeInt(rows.length);
    out.writeInt(length);
    ByteBuffer bytes = ByteBuffer.allocate(length * Float.BYTES);
    for (float[] row : rows) {
      bytes.asFloatBuffer().put(row);
      out.write(bytes.array());
    }
    out.writeLong(checksum.getValue());
    out.flush();
  }

  private static Optional<float[][]> read(Path file, String fingerprint) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    CRC32 checksum = new CRC32();
    try (DataInputStream in =
        new DataInputStream(
            new CheckedInputStream(
                new BufferedInputStream(Files.newInputStream(file), 1 << 16), checksum))) {
      if (in.readLong() != MAGIC || !in.readUTF().equals(fingerprint)) {
        return Optional.empty();
      }
      int count = in.readInt();
      int length = in.readInt();
      if (count < 0 || length < 0 || length > LARGEST_ROW) {
        throw damaged(file, null);
      }
      float[][] rows = new float[count][length];
      ByteBuffer bytes = ByteBuffer.allocate(length * Float.BYTES);
      for (float[] row : rows) {
        in.readFully(bytes.array());
        bytes.asFloatBuffer().get(row);
      }
      long computed = checksum.getValue();
      if (in.readLong() != computed) {
        throw damaged(file, null);
      }
      return Optional.of(rows);
    } catch (EOFException e) {
      throw damaged(file, e);
    }
  }

  private static IOException damaged(Path file, @Nullable EOFException cause) {
    return new IOException(file + " is damaged; delete it, it is made again", cause);
  }
}
