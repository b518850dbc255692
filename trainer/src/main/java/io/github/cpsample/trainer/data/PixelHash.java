package io.github.cpsample.trainer.data;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** {@code HMAC-SHA256(key, purpose || pixels quantised to bytes)}. Immutable. */
final class PixelHash {

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;
  private final byte[] purpose;

  PixelHash(String keyName, byte[] key, String purpose) {
    if (Objects.requireNonNull(key, keyName).length == 0) {
      throw new IllegalArgumentException(keyName + ": expected at least one byte, found none");
    }
    this.key = new SecretKeySpec(key, ALGORITHM);
    this.purpose = purpose.getBytes(StandardCharsets.US_ASCII);
  }

  /** A fresh keyed hash, for one thread. */
  Mac newMac() {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime lacks " + ALGORITHM, e);
    }
  }

  /** The 32-byte digest of one image; {@code images} is not modified. */
  byte[] digest(Mac mac, float[] images, int offset, int length) {
    byte[] message = Arrays.copyOf(purpose, purpose.length + length);
    for (int i = 0; i < length; i++) {
      message[purpose.length + i] = PixelBytes.toByte(images[offset + i]);
    }
    return mac.doFinal(message);
  }
}
