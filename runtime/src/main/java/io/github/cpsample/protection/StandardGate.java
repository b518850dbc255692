package io.github.cpsample.protection;

import java.util.Arrays;

/** The gates that come with the library. */
enum StandardGate implements Gate {
  PAPER("paper") {
    @Override
    public void requireBits(int bits) {
      if (bits != 1) {
        throw new IllegalArgumentException(
            "gate paper: expected a classifier of 1 bit, found "
                + bits
                + " bits; use the gate code instead");
      }
    }
  },
  CODE("code") {
    @Override
    public void requireBits(int bits) {
      if (bits < 1) {
        throw new IllegalArgumentException(
            "gate code: expected a classifier of at least 1 bit, found " + bits);
      }
    }
  };

  private final String label;

  StandardGate(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public boolean guards(float[] logits, int offset, int bits, double alpha) {
    requireBits(bits);
    ProtectionSettings.requireAlpha(alpha);
    double log = Certainty.log(logits, offset, bits);
    if (Double.isNaN(log)) {
      throw new IllegalArgumentException(
          "logits from offset " + offset + ": expected numbers, found NaN; check the classifier");
    }
    return alpha == 0.5 || log > Math.log1p(-alpha);
  }

  static Gate named(String name) {
    return Arrays.stream(values())
        .filter(gate -> gate.label.equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("gate: expected paper or code, found " + name));
  }

  @Override
  public String toString() {
    return label;
  }
}
