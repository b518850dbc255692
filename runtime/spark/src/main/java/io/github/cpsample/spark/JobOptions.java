package io.github.cpsample.spark;

import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/**
 * The options of a job.
 *
 * @param job its class, for errors
 * @param options which there are
 */
record JobOptions(String job, Options options) {

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException saying what is wrong and which options there are
   */
  CommandLine parse(String... arguments) {
    try {
      CommandLine line = new DefaultParser().parse(options, arguments);
      if (!line.getArgList().isEmpty()) {
        throw new ParseException("expected options only, found " + line.getArgList());
      }
      return line;
    } catch (ParseException e) {
      throw new IllegalArgumentException(job + ": " + e.getMessage() + "\n" + described(), e);
    }
  }

  /** A whole number, or another one where the option is absent. */
  long whole(CommandLine line, String option, long otherwise) {
    String text = line.getOptionValue(option);
    try {
      return text == null ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw wrong(option, "a whole number", text, e);
    }
  }

  /** A number. */
  double number(CommandLine line, String option) {
    String text = line.getOptionValue(option);
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw wrong(option, "a number", text, e);
    }
  }

  private static IllegalArgumentException wrong(
      String option, String expected, String found, Exception cause) {
    return new IllegalArgumentException(
        "--" + option + ": expected " + expected + ", found '" + found + "'", cause);
  }

  private String described() {
    StringBuilder text = new StringBuilder("options:");
    for (Option option : options.getOptions()) {
      text.append("\n  --")
          .append(option.getLongOpt())
          .append(option.hasArg() ? " VALUE" : "")
          .append("  ")
          .append(option.getDescription())
          .append(option.isRequired() ? " (required)" : "");
    }
    return text.toString();
  }
}
