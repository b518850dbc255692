package io.github.cpsample.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What the manifest says about one file of the bundle.
 *
 * @param bytes its length
 * @param sha256 SHA-256 of its content, 64 lower-case hexadecimal digits
 */
public record FileEntry(long bytes, String sha256) {
  private static final int BUFFER = 1 << 16;

  /**
   * Refuses negative lengths and what is no SHA-256.
   *
   * @param bytes as the component says
   * @param sha256 as the component says
   */
  public FileEntry {
    ManifestChecks.atLeast("bytes", bytes, 0);
    if (sha256 == null || !sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "sha256: expected 64 lower-case hexadecimal digits, found '" + sha256 + "'");
    }
  }

  /**
   * Describes a file's content.
   *
   * @param content the whole content
   * @return length and hash
   */
  public static FileEntry of(byte[] content) {
    return new FileEntry(content.length, HexFormat.of().formatHex(newDigest().digest(content)));
  }

  /**
   * Describes a file's content without holding it in memory.
   *
   * @param content the whole content, read to its end and left open
   * @return length and hash
   * @throws IOException if it cannot be read
   */
  public static FileEntry of(InputStream content) throws IOException {
    MessageDigest digest = newDigest();
    byte[] buffer = new byte[BUFFER];
    long length = 0;
    for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
      digest.update(buffer, 0, read);
      length += read;
    }
    return new FileEntry(length, HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
