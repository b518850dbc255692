package io.github.cpsample.tools.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.commons.cli.Option;

/** Writes the help of the tool and of its commands, at most 100 columns wide. */
final class Help {

  private static final int WIDTH = 100;
  private static final int OPTION_COLUMN = 30;
  private static final int CODE_COLUMN = 7;

  private final String tool;
  private final String about;

  Help(String tool, String about) {
    this.tool = tool;
    this.about = about;
  }

  String overview(List<Command> commands) {
    StringBuilder text = new StringBuilder();
    line(text, about);
    line(text, "");
    line(text, "Usage: " + tool + " <command> [options]");
    line(text, "");
    line(text, "Commands:");
    commands.forEach(
        command ->
            line(
                text,
                String.format(
                    Locale.ROOT, "  %-17s %s", command.spec().name(), command.spec().summary())));
    line(text, "");
    line(text, "Options:");
    line(text, "  --help            print this help; after a command, that command's");
    line(text, "  --version         print the version");
    line(text, "");
    line(
        text,
        "Exit codes: "
            + Arrays.stream(ExitCode.values())
                .filter(exitCode -> !exitCode.isSpecial())
                .map(Help::code)
                .collect(Collectors.joining(", "))
            + " everywhere; a command's help names all of its own.");
    return text.toString();
  }

  String of(CommandSpec spec) {
    StringBuilder text = new StringBuilder();
    String operand = spec.hasOperand() ? " " + spec.operand() : "";
    line(text, "Usage: " + tool + " " + spec.name() + operand + " [options]");
    line(text, "");
    wrap(text, spec.summary() + ".", 0);
    if (!spec.details().isEmpty()) {
      line(text, "");
      spec.details().lines().forEach(paragraph -> wrap(text, paragraph, 0));
    }
    line(text, "");
    line(text, "Options:");
    ArgumentParser.all(spec).forEach(option -> option(text, option.toCommonsCli()));
    line(text, "");
    line(text, "Exit codes:");
    for (ExitCode exitCode : ExitCode.values()) {
      if (!exitCode.isSpecial() || spec.outcomes().containsKey(exitCode)) {
        entry(text, "  " + code(exitCode), spec.meaning(exitCode), CODE_COLUMN);
      }
    }
    line(text, "");
    line(text, "Example:");
    line(text, "  " + spec.example());
    return text.toString();
  }

  private static void option(StringBuilder text, Option option) {
    String head = "  --" + option.getLongOpt();
    if (option.hasArg()) {
      head += " " + option.getArgName();
    }
    if (head.length() >= OPTION_COLUMN) {
      line(text, head);
      head = "";
    }
    entry(text, head, option.getDescription(), OPTION_COLUMN);
  }

  private static void entry(StringBuilder text, String head, String description, int column) {
    StringBuilder body = new StringBuilder();
    wrap(body, description, column);
    text.append(head).append(body.substring(head.length()));
  }

  private static String code(ExitCode exitCode) {
    return Integer.toString(exitCode.code());
  }

  private static void wrap(StringBuilder text, String paragraph, int indent) {
    List<String> words = new ArrayList<>(List.of(paragraph.split(" ")));
    StringBuilder current = new StringBuilder(" ".repeat(indent));
    for (String word : words) {
      if (current.length() > indent && current.length() + 1 + word.length() > WIDTH) {
        line(text, current.toString());
        current.setLength(indent);
      }
      current.append(current.length() > indent ? " " : "").append(word);
    }
    line(text, current.toString());
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append(System.lineSeparator());
  }
}
