package io.github.cpsample.bundle;

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
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return new FileEntry(content.length, HexFormat.of().formatHex(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
