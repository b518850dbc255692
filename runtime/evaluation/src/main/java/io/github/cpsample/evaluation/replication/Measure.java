package io.github.cpsample.evaluation.replication;

import java.util.Locale;

/** How near a training image is. */
public enum Measure {
  /** Euclidean distance. */
  L2(true) {
    @Override
    double of(SpaceMatch match) {
      return match.distance();
    }
  },
  /** Cosine of the angle; large where images are alike. */
  COSINE(false) {
    @Override
    double of(SpaceMatch match) {
      return match.cosine();
    }
  },
  /** Distance over the mean distance to the next nearest; it has no unit. */
  RATIO(true) {
    @Override
    double of(SpaceMatch match) {
      return match.ratio();
    }
  };

  private final boolean lowIsNear;

  Measure(boolean lowIsNear) {
    this.lowIsNear = lowIsNear;
  }

  /**
   * Its name in reports.
   *
   * @return in lower case
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether small numbers mean near.
   *
   * @return false for the cosine
   */
  public boolean lowIsNear() {
    return lowIsNear;
  }

  /** The number of an image. */
  abstract double of(SpaceMatch match);
}
