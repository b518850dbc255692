package io.github.cpsample.evaluation.calibration;

import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.quality.FeatureExtractor;
import io.github.cpsample.image.DistinctRows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * The held-out images in two halves that share no image: settings are compared with one, and what
 * is reported is measured with the other. Immutable.
 */
public final class HeldOutHalves {

  private static final int LEAST = 8;

  private final Map<Part, HeldOutPart> parts;

  private HeldOutHalves(Map<Part, HeldOutPart> parts) {
    this.parts = parts;
  }

  /**
   * Halves for tests and for other measurements of images.
   *
   * @param tuning for comparing
   * @param confirmation for reporting
   * @return both
   */
  static HeldOutHalves of(HeldOutPart tuning, HeldOutPart confirmation) {
    return new HeldOutHalves(
        new EnumMap<>(Map.of(Part.TUNING, tuning, Part.CONFIRMATION, confirmation)));
  }

  /**
   * Splits images at random.
   *
   * @param training the training images; held-out images that equal one are left out
   * @param heldOut the images; of equal ones one is kept
   * @param features in what they are compared; empty for pixels alone
   * @param seed of the split
   * @return the halves
   * @throws IllegalArgumentException if fewer than 8 images are left
   */
  public static HeldOutHalves split(
      float[][] training, float[][] heldOut, Optional<FeatureExtractor> features, long seed) {
    List<float[]> order = different(training, heldOut);
    Checks.argument(
        order.size() >= LEAST,
        "held-out images",
        "at least " + LEAST + " different ones that are no training images",
        order.size());
    Collections.shuffle(order, new Random(seed));
    int half = order.size() / 2;
    return of(
        HeldOutPart.of(order.subList(0, half).toArray(float[][]::new), features),
        HeldOutPart.of(order.subList(half, order.size()).toArray(float[][]::new), features));
  }

  private static List<float[]> different(float[][] training, float[][] heldOut) {
    List<float[]> kept = new ArrayList<>();
    if (heldOut.length > 0) {
      DistinctRows seen = new DistinctRows(heldOut[0].length);
      for (float[] row : training) {
        seen.add(row);
      }
      for (float[] row : heldOut) {
        if (seen.add(row)) {
          kept.add(row);
        }
      }
    }
    return kept;
  }

  /**
   * How many images a half has.
   *
   * @param part which
   * @return at least 4
   */
  public int size(Part part) {
    return part(part).neighbours().size();
  }

  /**
   * The yardstick of a half.
   *
   * @param part which
   * @return what its images are like
   */
  public QualityReference reference(Part part) {
    return part(part).reference();
  }

  HeldOutPart part(Part part) {
    return Checks.entry(parts, part);
  }
}
