package io.github.cpsample.guard;

import java.util.Locale;
import java.util.Objects;

/**
 * One image held against the training images. Distances are root mean square differences per value,
 * values being in about [-1, 1].
 *
 * @param name what the nearest training image is called
 * @param nearest distance to it
 * @param second distance to the second nearest, different training image
 * @param meanOfNext mean distance to the next nearest ones after the first, as many as the rule
 *     asks for
 * @param cosine of the angle between the image and the nearest training image, each less its own
 *     mean: 1 for copies that differ in brightness and contrast only; 0 if one of the two is flat
 * @param tooClose whether the image is too close
 */
public record IndexMatch(
    String name,
    double nearest,
    double second,
    double meanOfNext,
    double cosine,
    boolean tooClose) {

  public IndexMatch {
    Objects.requireNonNull(name, "name");
  }

  /**
   * The distance to the nearest training image as a share of that to the second nearest.
   *
   * @return in [0, 1]
   */
  public double ratio() {
    return nearest / second;
  }

  /**
   * The distance to the nearest training image as a share of the mean distance to the next ones:
   * what the replica rule compares with its threshold.
   *
   * @return in [0, 1]
   */
  public double share() {
    return nearest / meanOfNext;
  }

  /**
   * The match in words, for reports.
   *
   * @return one clause that names the training image
   */
  public String describe() {
    return String.format(
        Locale.ROOT,
        "%s at %.4f, %.3f of the mean distance to the next nearest",
        name,
        nearest,
        share());
  }
}
