package io.github.cpsample.protection;

import java.util.Arrays;

/** The forces that come with the library. */
enum StandardForce implements Force {
  OPPOSITE_LABEL("opposite-label") {
    /** {@code d/dm log p(1-y*) = d/dm -softplus(m) = -sigmoid(m)}. */
    @Override
    double slope(double margin) {
      return -Logistic.sigmoid(margin);
    }
  },
  OWN_LABEL("own-label") {
    /** {@code d/dm -log p(y*) = d/dm softplus(-m) = -sigmoid(-m)}. */
    @Override
    double slope(double margin) {
      return -Logistic.sigmoid(-margin);
    }
  };

  private final String label;

  StandardForce(String label) {
    this.label = label;
  }

  /** The derivative with respect to the margin {@code m = |z|}, of one bit. */
  abstract double slope(double margin);

  @Override
  public String label() {
    return label;
  }

  @Override
  public void cotangent(float[] logits, float[] cotangent, int offset, int bits) {
    Logistic.requireRow(logits, offset, bits);
    Logistic.requireRow(cotangent, offset, bits);
    for (int k = offset; k < offset + bits; k++) {
      double logit = logits[k];
      double sign = logit < 0 ? -1 : 1;
      cotangent[k] = (float) (sign * slope(Math.abs(logit)) / bits);
    }
  }

  static Force named(String name) {
    return Arrays.stream(values())
        .filter(force -> force.label.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "force: expected opposite-label or own-label, found " + name));
  }

  @Override
  public String toString() {
    return label;
  }
}
