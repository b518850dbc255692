package io.github.cpsample.bundle;

/**
 * Which data the networks were trained on, without saying which images: counts and a salted hash.
 *
 * @param trainingImages number of training images
 * @param heldOutImages number of held-out images
 * @param salt the salt, hexadecimal
 * @param fingerprint salted hash over the training images, hexadecimal
 */
public record DataSpec(int trainingImages, int heldOutImages, String salt, String fingerprint) {
  /**
   * Refuses negative counts and what is not hexadecimal.
   *
   * @param trainingImages as the component says
   * @param heldOutImages as the component says
   * @param salt as the component says
   * @param fingerprint as the component says
   */
  public DataSpec {
    ManifestChecks.atLeast("data.trainingImages", trainingImages, 0);
    ManifestChecks.atLeast("data.heldOutImages", heldOutImages, 0);
    hexadecimal("data.salt", salt);
    hexadecimal("data.fingerprint", fingerprint);
  }

  private static void hexadecimal(String field, String value) {
    if (value == null || !value.matches("([0-9a-fA-F]{2})+")) {
      throw new IllegalArgumentException(
          field + ": expected hexadecimal digits, found '" + value + "'");
    }
  }
}
