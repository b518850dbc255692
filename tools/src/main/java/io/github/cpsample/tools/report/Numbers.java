package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.evaluation.statistics.Interval;
import java.math.BigDecimal;
import java.math.MathContext;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** Numbers as people read them, the same in every country. */
final class Numbers {

  /** What stands for a number that was not measured. */
  static final String NONE = "–";

  private static final MathContext TWO_DIGITS = new MathContext(2);

  private Numbers() {}

  /** A share in per cent; small ones keep two digits, and only nothing is 0, only all is 100. */
  static String percent(double share) {
    return Double.isFinite(share) ? inPercent(share) + "\u00a0%" : NONE;
  }

  /** A share with the sign of per cent and its interval. */
  static String percent(Interval share) {
    return percent(share.value()) + " " + percentRange(share.low(), share.high());
  }

  /** A share with its interval. */
  static String percent(Rate rate) {
    return percent(rate.value()) + " " + percentRange(rate.low(), rate.high());
  }

  /** A difference of shares in percentage points, without a sign of per cent. */
  static String points(double difference) {
    return inPercent(difference);
  }

  /** The ends of an interval of shares, in per cent. */
  static String percentRange(double low, double high) {
    return "[" + inPercent(low) + ", " + inPercent(high) + "]";
  }

  /** A number with its interval. */
  static String decimal(Interval interval) {
    return decimal(interval.value()) + " " + range(interval);
  }

  /** The ends of an interval. */
  static String range(Interval interval) {
    return "[" + decimal(interval.low()) + ", " + decimal(interval.high()) + "]";
  }

  /** About three digits. */
  static String decimal(double value) {
    double size = Math.abs(value);
    if (!Double.isFinite(value)) {
      return NONE;
    }
    if (size == 0) {
      return "0";
    }
    if (size < 0.001) {
      return format("%.1e", value);
    }
    if (size >= 999.5) {
      return format("%.0f", value);
    }
    if (size < 1 && size >= 0.99995) {
      return value > 0 ? ">\u00a00.9999" : "<\u00a0-0.9999";
    }
    if (size < 1) {
      return format(size < 0.9995 ? "%.3f" : "%.4f", value);
    }
    return format(size < 9.995 ? "%.2f" : "%.1f", value);
  }

  /** A number that somebody chose, without rounding what is worth reading. */
  static String setting(double value) {
    return new DecimalFormat("0.########", DecimalFormatSymbols.getInstance(Locale.ROOT))
        .format(value);
  }

  static String whole(long value) {
    return format("%,d", value);
  }

  /** How many things a share is of. */
  static long hits(Rate rate) {
    return Math.round(rate.value() * rate.of());
  }

  private static String inPercent(double share) {
    double percent = 100 * share;
    double size = Math.abs(percent);
    if (size == 0) {
      return "0";
    }
    if (size < 0.001) {
      return percent > 0 ? "<\u00a00.001" : ">\u00a0-0.001";
    }
    if (size < 0.95 || (share < 1 && size >= 99.95)) {
      BigDecimal rest = BigDecimal.valueOf(size < 1 ? percent : 100 - percent);
      BigDecimal rounded = rest.round(TWO_DIGITS).stripTrailingZeros();
      return (size < 1 ? rounded : BigDecimal.valueOf(100).subtract(rounded)).toPlainString();
    }
    return format("%.1f", percent);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
