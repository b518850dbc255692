package io.github.cpsample.guard;

import io.github.cpsample.base.Sha256;
import io.github.cpsample.files.WholeFile;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.util.Arrays;
import java.util.List;

/**
 * The file of a {@link TrainingIndex}: the {@link IndexHeader}; the fingerprint in ASCII; the names
 * in UTF-8, a line feed after each; the values of all images, each {@code [C,H,W]}, as IEEE numbers
 * of four bytes, the highest byte first; the SHA-256 of everything before it.
 */
final class TrainingIndexFile {

  private static final int BUFFER = 1 << 16;
  private static final String AGAIN = "; make the index again with 'cpsample index'";

  private TrainingIndexFile() {}

  static void write(TrainingIndex index, Path file) throws IOException {
    byte[] fingerprint = index.fingerprint().getBytes(StandardCharsets.US_ASCII);
    byte[] names = (String.join("\n", index.names()) + "\n").getBytes(StandardCharsets.UTF_8);
    IndexHeader header =
        new IndexHeader(
            index.shape(), index.size(), index.sourceImages(), fingerprint.length, names.length);
    WholeFile.writePrivate(
        file,
        out -> {
          DigestOutputStream hashed = new DigestOutputStream(out, Sha256.digest());
          hashed.write(header.toBytes());
          hashed.write(fingerprint);
          hashed.write(names);
          writeValues(index, hashed);
          out.write(hashed.getMessageDigest().digest());
        });
  }

  private static void writeValues(TrainingIndex index, OutputStream out) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(index.shape().size() * Float.BYTES);
    for (int i = 0; i < index.size(); i++) {
      bytes.asFloatBuffer().put(index.values(i));
      out.write(bytes.array());
    }
  }

  static TrainingIndex read(Path file) throws IOException {
    long length = Files.size(file);
    try (InputStream plain = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
      DigestInputStream in = new DigestInputStream(plain, Sha256.digest());
      return read(in, IndexHeader.read(exactly(in, IndexHeader.BYTES), length));
    } catch (EOFException e) {
      throw new IOException("training index " + file + ": truncated" + AGAIN, e);
    } catch (IllegalArgumentException e) {
      throw new IOException("training index " + file + ": " + e.getMessage() + AGAIN, e);
    } catch (IOException e) {
      throw new IOException("training index " + file + ": " + e.getMessage() + AGAIN, e);
    }
  }

  private static TrainingIndex read(DigestInputStream in, IndexHeader header) throws IOException {
    TrainingIndex.Builder builder = TrainingIndex.builder(header.shape());
    byte[] fingerprint = exactly(in, header.fingerprintBytes());
    builder.fingerprint(new String(fingerprint, StandardCharsets.US_ASCII));
    List<String> names = names(exactly(in, header.nameBytes()), header.images());
    float[] values = new float[header.shape().size()];
    for (String name : names) {
      byte[] bytes = exactly(in, values.length * Float.BYTES);
      ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
      builder.add(name, values);
    }
    byte[] found = in.getMessageDigest().digest();
    in.on(false);
    if (!Arrays.equals(exactly(in, IndexHeader.HASH_BYTES), found)) {
      throw new IOException("the file was altered or damaged: its SHA-256 is not what it says");
    }
    TrainingIndex index = builder.sourceImages(header.sourceImages()).build();
    if (index.size() != header.images()) {
      throw new IOException(
          "expected " + header.images() + " different images, found " + index.size());
    }
    return index;
  }

  private static List<String> names(byte[] text, int count) throws IOException {
    List<String> names = new String(text, StandardCharsets.UTF_8).lines().toList();
    if (names.size() != count) {
      throw new IOException("expected " + count + " names, found " + names.size());
    }
    return names;
  }

  private static byte[] exactly(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length != count) {
      throw new EOFException("expected " + count + " bytes, found " + bytes.length);
    }
    return bytes;
  }
}
