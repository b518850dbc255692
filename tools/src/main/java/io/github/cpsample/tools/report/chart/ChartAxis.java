package io.github.cpsample.tools.report.chart;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.util.Locale;

/**
 * An axis of a chart.
 *
 * @param label what it measures, with its unit
 * @param numbers how its numbers are written
 * @param range where it begins and ends
 */
public record ChartAxis(String label, Numbers numbers, Range range) {

  /** How the numbers of an axis are written. */
  public enum Numbers {
    /** As they are. */
    PLAIN("0.######"),
    /** Shares, in per cent. */
    PERCENT("0.###%");

    private final String pattern;

    Numbers(String pattern) {
      this.pattern = pattern;
    }

    NumberFormat format() {
      return new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
    }
  }

  /** Where an axis begins and ends. */
  public enum Range {
    /** Around the data. */
    DATA,
    /** From the first to the last of the data. */
    TIGHT,
    /** Around the data and zero, with room for a mark at zero. */
    ABOUT_ZERO,
    /** From zero to above the data. */
    FROM_ZERO,
    /** From 0 to 1. */
    UNIT,
    /** From 1/2 to 1. */
    UPPER_HALF
  }

  /**
   * An axis of numbers.
   *
   * @param label what it measures
   * @param range where it begins and ends
   * @return the axis
   */
  public static ChartAxis plain(String label, Range range) {
    return new ChartAxis(label, Numbers.PLAIN, range);
  }

  /**
   * An axis of shares, in per cent.
   *
   * @param label of what they are shares
   * @param range where it begins and ends
   * @return the axis
   */
  public static ChartAxis share(String label, Range range) {
    return new ChartAxis(label, Numbers.PERCENT, range);
  }
}
