package io.github.cpsample.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineToolTest {

  private static final Opt<Integer> COUNT = Opt.integer("count", "how many", 1).or(3);
  private static final Opt<Double> ALPHA =
      Opt.decimal("alpha", "A", "how sure", a -> a > 0 && a <= 0.5, "a number in (0, 0.5]");
  private static final Opt<String> MODE = Opt.choice("mode", "which", List.of("on", "off"));
  private static final Opt<Path> OUT = Opt.path("out", "DIR", "where").required();
  private static final Opt<String> NAME = Opt.text("name", "NAME", "names").repeated();

  private final Screen screen = new Screen();

  /** Prints its options. */
  private static final class Echo implements Command {
    @Override
    public CommandSpec spec() {
      return new CommandSpec(
          "echo",
          "Print the options",
          "",
          "Details.",
          List.of(COUNT, ALPHA, MODE, OUT, NAME),
          "tool echo --out x");
    }

    @Override
    public Action prepare(Arguments arguments) {
      String text =
          arguments.get(COUNT)
              + " "
              + arguments.find(ALPHA)
              + " "
              + arguments.find(MODE)
              + " "
              + arguments.get(OUT)
              + " "
              + arguments.all(NAME);
      return terminal -> terminal.out().println(text);
    }
  }

  /** Ends in the way its operand says. */
  private static final class Fail implements Command {
    @Override
    public CommandSpec spec() {
      return new CommandSpec("group fail", "Fail", "HOW", "", List.of(), "tool group fail io");
    }

    @Override
    public Action prepare(Arguments arguments) {
      String how = arguments.operand();
      return terminal -> {
        switch (how) {
          case "io" -> throw new IOException("first line\n  second line");
          case "missing" -> throw new NoSuchFileException("nowhere.onnx");
          case "fault" -> throw new NullPointerException("value");
          case "memory" -> throw new OutOfMemoryError("Java heap space");
          case "interrupt" -> throw new InterruptedException();
          default -> terminal.out().println(how);
        }
      };
    }
  }

  private int run(String... arguments) {
    return new CommandLineTool("tool", "A tool.", "1.2", List.of(new Echo(), new Fail()))
        .run(screen.terminal(), arguments);
  }

  @Test
  void optionsHaveDefaultsAndTypes() {
    assertEquals(0, run("echo", "--out", "a b", "--alpha", "0.25", "--name", "x", "--name", "-y"));
    assertEquals("3 Optional[0.25] Optional.empty a b [x, -y]", screen.out().strip(), screen.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "help"})
  void overviewListsCommands(String argument) {
    assertEquals(0, run(argument));
    assertTrue(screen.out().contains("echo"), screen.out());
    assertTrue(screen.out().contains("group fail"), screen.out());
  }

  @Test
  void helpOfACommandShowsOptionsDefaultsAndExample() {
    assertEquals(0, run("echo", "--help"));
    for (String part :
        List.of(
            "Usage: tool echo [options]",
            "--count N",
            "(default: 3)",
            "(required)",
            "(may be given several times)",
            "on|off",
            "--verbose",
            "tool echo --out x")) {
      assertTrue(screen.out().contains(part), part + " in\n" + screen.out());
    }
    assertTrue(screen.out().lines().allMatch(line -> line.length() <= 100), screen.out());
  }

  @Test
  void helpOfAGroupShowsItsCommands() {
    assertEquals(0, run("group", "--help"));
    assertTrue(screen.out().contains("Usage: tool group fail HOW"), screen.out());
  }

  @Test
  void version() {
    assertEquals(0, run("--version"));
    assertEquals("tool 1.2", screen.out().strip());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "ecko                                  | unknown command 'ecko'; did you mean 'echo'?",
        "group                                 | expected one of [group fail]",
        "echo --out x --cuont 2                | unknown option --cuont; did you mean --count?",
        "echo --out x --coun 2                 | unknown option --coun; did you mean --count?",
        "echo --out x --count zero             | --count: expected a whole number >= 1, found"
            + " 'zero'",
        "echo --out x --count 0                | --count: expected a whole number >= 1, found '0'",
        "echo --out x --alpha NaN              | --alpha: expected a number in (0, 0.5], found"
            + " 'NaN'",
        "echo --out x --mode maybe             | --mode: expected on|off, found 'maybe'",
        "echo --out x --count 1 --count 2      | --count: expected it once, found it 2 times",
        "echo                                  | --out: expected a value, found none",
        "echo --out                            | --out: expected a value, found none",
        "echo --out x y                        | expected options only, found 'y'",
        "group fail                            | expected one HOW, found none",
        "group fail a b                        | expected one HOW, found [a, b]",
      })
  void wrongUsageIsOneLineThatNamesTheOption(String line, String message) {
    assertEquals(ExitCode.USAGE.code(), run(line.split(" ")));
    assertTrue(screen.err().contains(message), screen.err());
    assertTrue(screen.err().contains("--help"), screen.err());
    assertEquals(1, screen.err().lines().count(), screen.err());
    assertEquals("", screen.out());
  }

  @Test
  void noCommandPrintsTheOverviewAsAnError() {
    assertEquals(ExitCode.USAGE.code(), run());
    assertTrue(screen.err().contains("Usage: tool"), screen.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "io      | tool group fail: first line second line",
        "missing | nowhere.onnx: expected a file or folder, found nothing there; check the path",
        "fault   | java.lang.NullPointerException: value; this is a fault of the tool",
        "memory  | out of memory (Java heap space)",
      })
  void failuresAreOneLine(String how, String message) {
    assertEquals(ExitCode.FAILED.code(), run("group", "fail", how));
    assertTrue(screen.err().contains(message), screen.err());
    assertEquals(1, screen.err().lines().count(), screen.err());
  }

  @Test
  void verboseAddsTheStackTrace() {
    assertEquals(ExitCode.FAILED.code(), run("group", "fail", "io", "--verbose"));
    assertTrue(screen.err().contains("at " + CommandLineToolTest.class.getName()), screen.err());
  }

  @Test
  void interruptionHasItsOwnCode() {
    assertEquals(ExitCode.INTERRUPTED.code(), run("group", "fail", "interrupt"));
    assertEquals("tool group fail: interrupted", screen.err().strip());
  }

  @Test
  void interruptedThreadsReportInterruptionWhateverFails() {
    Thread.currentThread().interrupt();
    try {
      assertEquals(ExitCode.INTERRUPTED.code(), run("group", "fail", "io"));
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertFalse(screen.err().contains("first line"));
  }
}
