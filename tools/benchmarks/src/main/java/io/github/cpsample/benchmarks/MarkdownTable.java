package io.github.cpsample.benchmarks;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Prints a table as documentation holds it. */
final class MarkdownTable {

  private final PrintStream out;
  private final int columns;

  MarkdownTable(PrintStream out, String title, String... header) {
    this.out = out;
    this.columns = header.length;
    out.println();
    out.println(title);
    out.println();
    print(List.of(header));
    out.println("|" + "---:|".repeat(columns));
  }

  void row(Object... cells) {
    if (cells.length != columns) {
      throw new IllegalArgumentException(
          "row: expected " + columns + " cells, found " + cells.length);
    }
    print(List.of(cells));
    out.flush();
  }

  private void print(List<?> cells) {
    out.println(
        cells.stream().map(Object::toString).collect(Collectors.joining(" | ", "| ", " |")));
  }

  static String millis(double seconds) {
    return number(1_000 * seconds, seconds < 0.1 ? 3 : 1);
  }

  static String ratio(double value) {
    return number(value, 2);
  }

  static String percent(double share) {
    return number(100 * share, 1) + " %";
  }

  static String number(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
