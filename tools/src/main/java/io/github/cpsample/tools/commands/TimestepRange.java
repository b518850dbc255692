package io.github.cpsample.tools.commands;

import io.github.cpsample.tools.cli.UsageException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of timesteps.
 *
 * @param first the smallest
 * @param last the largest
 */
record TimestepRange(int first, int last) {

  private static final Pattern FORM = Pattern.compile("(\\d{1,6})-(\\d{1,6})");

  static TimestepRange parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      int first = Integer.parseInt(matcher.group(1));
      int last = Integer.parseInt(matcher.group(2));
      if (first <= last) {
        return new TimestepRange(first, last);
      }
    }
    throw new UsageException(
        "expected two timesteps FROM-TO with FROM <= TO, for instance 0-400, found '" + text + "'");
  }

  /** As on the command line. */
  @Override
  public String toString() {
    return first + "-" + last;
  }
}
