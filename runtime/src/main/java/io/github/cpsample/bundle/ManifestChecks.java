package io.github.cpsample.bundle;

import java.util.List;

/**
 * Checks of field values that several parts of a manifest share. A failed check is an
 * IllegalArgumentException.
 */
final class ManifestChecks {
  private ManifestChecks() {}

  static void oneOf(String field, String value, List<String> known) {
    if (value == null || !known.contains(value)) {
      throw new IllegalArgumentException(
          field + ": expected one of " + known + ", found '" + value + "'");
    }
  }

  static void atLeast(String field, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          field + ": expected a number of at least " + least + ", found " + value);
    }
  }

  static void within(String field, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new IllegalArgumentException(
          field + ": expected a number in [" + low + ", " + high + "], found " + value);
    }
  }

  static void filled(String field, String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(
          field + ": expected text, found " + (value == null ? "none" : "blank"));
    }
  }
}
