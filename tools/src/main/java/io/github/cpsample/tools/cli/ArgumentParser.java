package io.github.cpsample.tools.cli;

import io.github.cpsample.base.Checks;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.AmbiguousOptionException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/** Reads the arguments of one command. */
final class ArgumentParser {

  /** Prints the help of a command. */
  static final Opt<Boolean> HELP = Opt.flag("help", "print this help");

  /** Prints stack traces. */
  static final Opt<Boolean> VERBOSE = Opt.flag("verbose", "print the stack trace of a failure");

  private ArgumentParser() {}

  static Options options(CommandSpec spec) {
    Options options = new Options();
    all(spec).forEach(option -> options.addOption(option.toCommonsCli()));
    return options;
  }

  static List<Opt<?>> all(CommandSpec spec) {
    List<Opt<?>> all = new ArrayList<>(spec.options());
    all.add(HELP);
    all.add(VERBOSE);
    return all;
  }

  /** Reads arguments; values are checked when a command asks for them. */
  static Arguments parse(CommandSpec spec, List<String> arguments) {
    CommandLine line;
    try {
      line =
          DefaultParser.builder()
              .setAllowPartialMatching(false)
              .get()
              .parse(options(spec), arguments.toArray(String[]::new));
    } catch (ParseException e) {
      throw new UsageException(describe(e, spec));
    }
    Arguments parsed = new Arguments(line);
    if (!parsed.has(HELP)) {
      checkOperands(spec, line.getArgList());
    }
    return parsed;
  }

  private static void checkOperands(CommandSpec spec, List<String> operands) {
    if (!spec.hasOperand() && !operands.isEmpty()) {
      throw new UsageException("expected options only, found '" + operands.get(0) + "'");
    }
    boolean few = operands.isEmpty() || (operands.size() > 1 && !spec.hasOperands());
    if (spec.hasOperand() && few) {
      throw new UsageException(
          (spec.hasOperands() ? "expected " : "expected one ")
              + spec.operand()
              + ", found "
              + (operands.isEmpty() ? "none" : operands.toString()));
    }
  }

  private static String describe(ParseException e, CommandSpec spec) {
    if (e instanceof MissingArgumentException missing) {
      return "--" + missing.getOption().getLongOpt() + ": expected a value, found none";
    }
    if (e instanceof UnrecognizedOptionException unknown
        && !(e instanceof AmbiguousOptionException)) {
      List<String> known = all(spec).stream().map(option -> "--" + option.name()).toList();
      return "unknown option "
          + unknown.getOption()
          + Suggestion.near(unknown.getOption(), known)
              .map(name -> "; did you mean " + name + "?")
              .orElse("");
    }
    return Checks.message(e);
  }
}
