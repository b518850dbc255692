package io.github.cpsample.base;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which every Java platform has. Thread-safe: it has no state. */
public final class Sha256 {

  private Sha256() {}

  /**
   * A digest of nothing yet.
   *
   * @return a new one; not thread-safe
   */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * The digest of some bytes.
   *
   * @param bytes not modified
   * @return 64 lower-case hexadecimal digits
   */
  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  /**
   * Ends a digest, which then begins anew.
   *
   * @param digest of what was added to it
   * @return 64 lower-case hexadecimal digits
   */
  public static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }
}
