package io.github.cpsample.evaluation.store;

import io.github.cpsample.base.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** The SHA-256 of rows of numbers, which tells two sets of images apart. Not thread-safe. */
public final class RowDigest {

  private final MessageDigest digest = Sha256.digest();

  /** A digest of no rows. */
  public RowDigest() {}

  /**
   * Adds a row.
   *
   * @param row its values, as big-endian floats
   * @return this
   */
  public RowDigest add(float[] row) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * row.length);
    bytes.asFloatBuffer().put(row);
    digest.update(bytes);
    return this;
  }

  /**
   * Ends the digest, which then begins anew.
   *
   * @return 64 hexadecimal digits
   */
  public String hex() {
    return Sha256.hex(digest);
  }

  /**
   * The digest of all rows.
   *
   * @param rows in order; not modified
   * @return 64 hexadecimal digits
   */
  public static String of(float[][] rows) {
    RowDigest digest = new RowDigest();
    for (float[] row : rows) {
      digest.add(row);
    }
    return digest.hex();
  }
}
