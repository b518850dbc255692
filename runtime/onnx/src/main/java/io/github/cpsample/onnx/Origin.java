package io.github.cpsample.onnx;

/**
 * Where a model comes from.
 *
 * @param producer the program that made it, possibly empty
 * @param producerVersion that program's version, possibly empty
 * @param domain whose model it is, such as {@code org.example.vision}, possibly empty
 * @param modelVersion version of the model itself, 0 where nothing is said
 */
public record Origin(String producer, String producerVersion, String domain, long modelVersion) {

  /**
   * An origin of which only the program is known.
   *
   * @param producer the program
   * @return the origin
   */
  public static Origin of(String producer) {
    return new Origin(producer, "", "", 0);
  }
}
