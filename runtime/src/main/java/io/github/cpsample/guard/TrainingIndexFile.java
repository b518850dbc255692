package io.github.cpsample.guard;

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
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
    WholeFile.write(
        file,
        out -> {
          DigestOutputStream hashed = new DigestOutputStream(out, sha256());
          hashed.write(header.toBytes());
          hashed.write(fingerprint);
          hashed.write(names);
          writeValues(index, hashed);
          out.write(hashed.getMessageDigest().digest());
        });
    hideFromOthers(file);
  }

  private static void writeValues(TrainingIndex index, OutputStream out) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(index.shape().size() * Float.BYTES);
    for (int i = 0; i < index.size(); i++) {
      bytes.asFloatBuffer().put(index.values(i));
      out.write(bytes.array());
    }
  }

  private static void hideFromOthers(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString("rw-------"));
    }
  }

  static TrainingIndex read(Path file) throws IOException {
    long length = Files.size(file);
    try (InputStream plain = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
      DigestInputStream in = new DigestInputStream(plain, sha256());
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

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
