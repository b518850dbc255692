package io.github.cpsample.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class MemorizationCodeTest {

  private static final byte[] KEY = "a key for tests".getBytes(StandardCharsets.US_ASCII);

  @Test
  void isTheDocumentedHash() throws Exception {
    float[] image = {-1, 0.0039f, 1, 0.5f};
    byte[] pixels = {0, (byte) 128, (byte) 255, (byte) 191};
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
    mac.update("cpsample image\0".getBytes(StandardCharsets.US_ASCII));
    byte[] digest = mac.doFinal(pixels);
    byte[] code = new MemorizationCode(KEY, 300).of(image);
    for (int counter = 0; counter < 2; counter++) {
      mac.update("cpsample code\0".getBytes(StandardCharsets.US_ASCII));
      mac.update(digest);
      byte[] block = mac.doFinal(new byte[] {0, 0, 0, (byte) counter});
      for (int bit = 0; bit < 256 && counter * 256 + bit < 300; bit++) {
        assertEquals((block[bit / 8] >> (bit % 8)) & 1, code[counter * 256 + bit]);
      }
    }
  }

  @Test
  void equalPixelsAgreeAndOneStepOfGreyDoesNot() {
    MemorizationCode codes = new MemorizationCode(KEY, 64);
    float[] image = {0.2f, -0.4f, 0.9f};
    float[] nearly = {0.2f + 1e-4f, -0.4f, 0.9f};
    float[] other = {0.2f + 1 / 127.5f, -0.4f, 0.9f};
    assertArrayEquals(codes.of(image), codes.of(nearly));
    assertFalse(Arrays.equals(codes.of(image), codes.of(other)));
    byte[] underAnotherKey = new MemorizationCode(new byte[] {1}, 64).of(image);
    assertFalse(Arrays.equals(codes.of(image), underAnotherKey));
  }

  @Test
  void aShorterCodeIsTheBeginningOfALongerOne() {
    float[] image = {0.2f, -0.4f};
    byte[] long300 = new MemorizationCode(KEY, 300).of(image);
    assertArrayEquals(Arrays.copyOf(long300, 8), new MemorizationCode(KEY, 8).of(image));
  }

  @Test
  void writesInsideLargerArrays() {
    MemorizationCode codes = new MemorizationCode(KEY, 3);
    float[] image = {0.2f, -0.4f};
    byte[] target = {9, 9, 9, 9, 9};
    codes.write(new float[] {7, 0.2f, -0.4f, 7}, 1, 2, target, 1);
    byte[] code = codes.of(image);
    assertArrayEquals(new byte[] {9, code[0], code[1], code[2], 9}, target);
    assertThrows(IndexOutOfBoundsException.class, () -> codes.write(image, 0, 2, new byte[2], 0));
  }

  @Test
  void bitsOfRealImagesAreFairAndUncorrelated() throws Exception {
    ImageDataset images = BundledFashionMnist.heldOutImages();
    int bits = 16;
    MemorizationCode codes = new MemorizationCode(KEY, bits);
    int[] ones = new int[bits];
    int agreements = 0;
    float[] image = new float[images.shape().size()];
    for (int i = 0; i < images.size(); i++) {
      images.read(i, image, 0);
      byte[] code = codes.of(image);
      for (int bit = 0; bit < bits; bit++) {
        ones[bit] += code[bit];
        agreements += bit > 0 && code[bit] == code[bit - 1] ? 1 : 0;
      }
    }
    for (int count : ones) {
      assertFair(count, images.size());
    }
    assertFair(agreements, images.size() * (bits - 1));
  }

  private static void assertFair(int count, int of) {
    // Five standard deviations of a fair coin; the key is fixed, so this does not flicker.
    assertTrue(Math.abs(count - of / 2.0) < 5 * Math.sqrt(of) / 2, count + " of " + of);
  }

  @Test
  void refusesAnEmptyKeyAndBadLengths() {
    assertThrows(IllegalArgumentException.class, () -> new MemorizationCode(new byte[0], 1));
    assertThrows(IllegalArgumentException.class, () -> new MemorizationCode(KEY, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new MemorizationCode(KEY, MemorizationCode.MAX_BITS + 1));
  }

  @Test
  void fingerprintIgnoresOrderAndCountsCopies() {
    ImageDataset images = BundledFashionMnist.trainingImages(5);
    String hex = fingerprint(images, KEY).hex();
    assertEquals(64, hex.length());
    assertEquals(5, fingerprint(images, KEY).images());
    assertEquals(hex, fingerprint(new ImageView(images, 3, 1, 4, 0, 2), KEY).hex());
    assertNotEquals(hex, fingerprint(new ImageView(images, 0, 1, 2, 3), KEY).hex());
    assertNotEquals(hex, fingerprint(new ImageView(images, 0, 1, 2, 3, 4, 4), KEY).hex());
    assertNotEquals(hex, fingerprint(images, new byte[] {1}).hex());
  }

  @Test
  void fingerprintLeavesOutAndReportsBrokenImages() {
    BrokenImages broken = new BrokenImages(fault -> {});
    FakeImages images = new FakeImages(6).breaking(2);
    DatasetFingerprint found = DatasetFingerprint.of(images, KEY, broken);
    assertEquals(fingerprint(new ImageView(new FakeImages(6), 0, 1, 3, 4, 5), KEY), found);
    assertEquals(1, broken.count());
    FakeImages none = new FakeImages(1).breaking(0);
    assertThrows(
        DataException.class, () -> DatasetFingerprint.of(none, KEY, new BrokenImages(fault -> {})));
  }

  private static DatasetFingerprint fingerprint(ImageDataset images, byte[] salt) {
    BrokenImages broken = new BrokenImages(fault -> {});
    DatasetFingerprint fingerprint = DatasetFingerprint.of(images, salt, broken);
    assertEquals(0, broken.count());
    return fingerprint;
  }
}
