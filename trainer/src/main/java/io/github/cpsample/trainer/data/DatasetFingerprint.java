package io.github.cpsample.trainer.data;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;

/**
 * A salted hash of a whole data set, for a manifest: it tells whether two models were trained on
 * the same images and, with a salt that is kept, nothing about which. It is the HMAC-SHA256 under
 * the salt of the number of images and their sorted HMACs, so it does not depend on the order of
 * the images, their names or their file format; equal images count as often as they occur. Like a
 * {@link MemorizationCode} it belongs to the images at one shape.
 *
 * @param images how many images went into it
 * @param hex 64 hexadecimal digits
 */
public record DatasetFingerprint(int images, String hex) {

  /**
   * Reads a whole data set.
   *
   * @param dataset what to read; not owned
   * @param salt at least one byte, 16 random ones or more to keep the images from being guessed
   * @param broken where broken images are reported and counted; they are left out
   * @return the fingerprint of the readable images
   * @throws DataException if no image is readable
   */
  public static DatasetFingerprint of(ImageDataset dataset, byte[] salt, BrokenImages broken) {
    PixelHash hash = new PixelHash("salt", salt, "cpsample fingerprint\0");
    Mac mac = hash.newMac();
    float[] image = new float[dataset.shape().size()];
    List<byte[]> digests = new ArrayList<>(dataset.size());
    for (int i = 0; i < dataset.size(); i++) {
      try {
        dataset.read(i, image, 0);
        digests.add(hash.digest(mac, image, 0, image.length));
      } catch (BrokenImageException e) {
        broken.report(e);
      }
    }
    if (digests.isEmpty()) {
      throw broken.allBroken(dataset);
    }
    digests.sort(Arrays::compareUnsigned);
    mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(digests.size()).array());
    digests.forEach(mac::update);
    return new DatasetFingerprint(digests.size(), HexFormat.of().formatHex(mac.doFinal()));
  }
}
