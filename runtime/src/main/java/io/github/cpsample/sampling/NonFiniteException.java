package io.github.cpsample.sampling;

/** A NaN or an infinity in one row of a call, on its way to the place that knows the step. */
final class NonFiniteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String what;
  private final int row;
  private final float value;

  private NonFiniteException(String what, int row, float value) {
    super(value + " in the " + what + " of row " + row);
    this.what = what;
    this.row = row;
    this.value = value;
  }

  static void check(String what, float[] values, int row) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new NonFiniteException(what, row, value);
      }
    }
  }

  /** The same of another row. */
  NonFiniteException of(int other) {
    return new NonFiniteException(what, other, value);
  }

  String what() {
    return what;
  }

  int row() {
    return row;
  }

  float value() {
    return value;
  }
}
