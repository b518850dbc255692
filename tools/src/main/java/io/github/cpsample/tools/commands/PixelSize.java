package io.github.cpsample.tools.commands;

import io.github.cpsample.tools.cli.UsageException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Two whole numbers that are written with an x between them.
 *
 * @param height the first, at least 1
 * @param width the second, at least 1
 */
record PixelSize(int height, int width) {

  private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,4})x([1-9]\\d{0,4})");

  /**
   * Reads the numbers.
   *
   * @param form what is expected, for the error
   */
  static PixelSize parse(String text, String form) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new UsageException("expected " + form + ", found '" + text + "'");
    }
    return new PixelSize(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }
}
