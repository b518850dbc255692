package io.github.cpsample.benchmarks;

import java.util.List;

/**
 * How long a report measures.
 *
 * @param share of the usual time and counts, above 0; 1 is what docs/studies/benchmarks.md was made
 *     with
 */
record Effort(double share) {

  Effort {
    if (!(share > 0 && share <= 100)) {
      throw new IllegalArgumentException(
          "effort: expected a number above 0, at most 100, found " + share);
    }
  }

  /** The only argument of the reports. */
  static Effort of(String[] arguments) {
    if (arguments.length > 1) {
      throw new IllegalArgumentException(
          "expected at most one argument, the share of the usual time, found "
              + List.of(arguments));
    }
    return new Effort(arguments.length == 0 ? 1 : Double.parseDouble(arguments[0]));
  }

  double seconds(double usual) {
    return share * usual;
  }

  int count(int usual, int least) {
    return (int) Math.max(least, Math.round(share * usual));
  }
}
