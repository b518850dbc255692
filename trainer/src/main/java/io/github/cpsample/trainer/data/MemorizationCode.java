package io.github.cpsample.trainer.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import javax.crypto.Mac;

/**
 * The random bits that a classifier memorizes for every training image (Kazdan et al., CPSample,
 * ICLR 2025, with one bit; here K).
 *
 * <p>The bits are derived, not stored: {@code HMAC-SHA256(key, pixels)}, expanded to K bits by
 * {@code HMAC-SHA256(key, digest, counter)}. Exact duplicates therefore agree, a rerun gives the
 * same bits, and without the key they cannot be told from coin tosses. The pixels are quantised to
 * bytes first, so that a code survives a lossless change of file format. A code belongs to an image
 * at one shape: the same file cropped or scaled differently has another.
 *
 * <p>The key belongs with the training data: never write it into a bundle. Instances are immutable
 * and may be shared between threads.
 */
public final class MemorizationCode {

  /** The most bits that a code may have. */
  public static final int MAX_BITS = 4096;

  private static final byte[] EXPAND = "cpsample code\0".getBytes(StandardCharsets.US_ASCII);

  private final PixelHash hash;
  private final int bits;

  /**
   * Codes under one key.
   *
   * @param key at least one byte; copied. Use 16 random bytes or more where the bits must be secret
   * @param bits K, in {@code [1, MAX_BITS]}
   * @throws IllegalArgumentException if the key is empty or K out of range
   */
  public MemorizationCode(byte[] key, int bits) {
    if (bits < 1 || bits > MAX_BITS) {
      throw new IllegalArgumentException(
          "bits: expected 1 to " + MAX_BITS + " bits per image, found " + bits);
    }
    this.hash = new PixelHash("key", key, "cpsample image\0");
    this.bits = bits;
  }

  /**
   * The length of a code.
   *
   * @return K
   */
  public int bits() {
    return bits;
  }

  /**
   * The code of one image.
   *
   * @param image values in {@code [-1, 1]}, not flipped; not modified
   * @return K bytes, each 0 or 1
   */
  public byte[] of(float[] image) {
    byte[] code = new byte[bits];
    write(image, 0, image.length, code, 0);
    return code;
  }

  /**
   * Writes the code of an image that lies inside a larger array.
   *
   * @param images values in {@code [-1, 1]}, not flipped; not modified
   * @param offset where the image begins
   * @param length {@code C*H*W}
   * @param code modified: K entries from {@code codeOffset}, each 0 or 1
   * @param codeOffset where the code begins
   * @throws IndexOutOfBoundsException if an array is too short
   */
  public void write(float[] images, int offset, int length, byte[] code, int codeOffset) {
    Objects.checkFromIndexSize(offset, length, images.length);
    Objects.checkFromIndexSize(codeOffset, bits, code.length);
    Mac mac = hash.newMac();
    byte[] digest = hash.digest(mac, images, offset, length);
    byte[] block = new byte[0];
    int blockBits = mac.getMacLength() * Byte.SIZE;
    for (int bit = 0; bit < bits; bit++) {
      int inBlock = bit % blockBits;
      if (inBlock == 0) {
        mac.update(EXPAND);
        mac.update(digest);
        block = mac.doFinal(ByteBuffer.allocate(Integer.BYTES).putInt(bit / blockBits).array());
      }
      code[codeOffset + bit] = (byte) (block[inBlock / Byte.SIZE] >> (inBlock % Byte.SIZE) & 1);
    }
  }
}
