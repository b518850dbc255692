package io.github.cpsample.tools.cli;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Finds the command that a command line names, runs it, and turns whatever happens into one line on
 * the error stream and an exit code.
 */
public final class CommandLineTool {

  private volatile Duration patience = Duration.ZERO;

  private final String name;
  private final String version;
  private final List<Command> commands;
  private final Help help;

  /**
   * A tool.
   *
   * @param name how it is started
   * @param about one sentence about it
   * @param version its version
   * @param commands its commands, in the order of the help
   */
  public CommandLineTool(String name, String about, String version, List<Command> commands) {
    this.name = name;
    this.version = version;
    this.commands = List.copyOf(commands);
    this.help = new Help(name, about);
  }

  /**
   * Runs a command line in this process, which an interrupt from the keyboard shall end in good
   * order.
   *
   * @param terminal where to print
   * @param arguments the command line
   * @return the exit code
   */
  public int runInterruptibly(Terminal terminal, String... arguments) {
    Interruption interruption = Interruption.of(Thread.currentThread(), () -> patience);
    try {
      return run(terminal, arguments);
    } finally {
      interruption.finished();
    }
  }

  /**
   * Runs a command line.
   *
   * @param terminal where to print
   * @param arguments the command line
   * @return the exit code, one of {@link ExitCode#code()}
   */
  public int run(Terminal terminal, String... arguments) {
    List<String> words = Arrays.asList(arguments);
    String first = words.isEmpty() ? "" : words.get(0);
    switch (first) {
      case "" -> {
        terminal.err().print(help.overview(commands));
        return ExitCode.USAGE.code();
      }
      case "--help", "-h", "help" -> {
        terminal.out().print(help.overview(commands));
        return ExitCode.DONE.code();
      }
      case "--version", "-V", "version" -> {
        terminal.out().println(name + " " + version);
        return ExitCode.DONE.code();
      }
      default -> {
        Optional<Command> command = find(words);
        return command.isPresent() ? run(terminal, command.get(), words) : unknown(terminal, words);
      }
    }
  }

  private Optional<Command> find(List<String> words) {
    return commands.stream().filter(command -> isNamed(command, words)).findFirst();
  }

  private static boolean isNamed(Command command, List<String> words) {
    List<String> parts = parts(command);
    return words.size() >= parts.size() && words.subList(0, parts.size()).equals(parts);
  }

  private static List<String> parts(Command command) {
    return List.of(command.spec().name().split(" "));
  }

  private int unknown(Terminal terminal, List<String> words) {
    String first = words.get(0);
    List<Command> group =
        commands.stream().filter(command -> parts(command).get(0).equals(first)).toList();
    List<String> names = commands.stream().map(command -> command.spec().name()).toList();
    if (!group.isEmpty()) {
      if (words.contains("--help")) {
        group.forEach(command -> terminal.out().println(help.of(command.spec())));
        return ExitCode.DONE.code();
      }
      List<String> choices = group.stream().map(command -> command.spec().name()).toList();
      terminal.err().println(name + ": expected one of " + choices + seeHelp(""));
      return ExitCode.USAGE.code();
    }
    String meant =
        Suggestion.near(first, names).map(near -> "; did you mean '" + near + "'?").orElse("");
    terminal.err().println(name + ": unknown command '" + first + "'" + meant + seeHelp(""));
    return ExitCode.USAGE.code();
  }

  private int run(Terminal terminal, Command command, List<String> words) {
    CommandSpec spec = command.spec();
    String title = name + " " + spec.name();
    Command.Action action;
    boolean verbose;
    try {
      Arguments arguments =
          ArgumentParser.parse(spec, words.subList(parts(command).size(), words.size()));
      if (arguments.has(ArgumentParser.HELP)) {
        terminal.out().print(help.of(spec));
        return ExitCode.DONE.code();
      }
      verbose = arguments.has(ArgumentParser.VERBOSE);
      action = command.prepare(arguments);
      patience = action.patience();
    } catch (IllegalArgumentException e) {
      terminal.err().println(title + ": " + Failure.describe(e) + seeHelp(" " + spec.name()));
      return ExitCode.USAGE.code();
    }
    return run(terminal, spec, title, action, verbose);
  }

  private static int run(
      Terminal terminal, CommandSpec spec, String title, Command.Action action, boolean verbose) {
    try {
      action.run(terminal);
      return ExitCode.DONE.code();
    } catch (OutcomeException e) {
      terminal.err().println(title + ": " + Failure.describe(e));
      if (!spec.outcomes().containsKey(e.exitCode())) {
        throw new IllegalStateException(title + ": its help does not name " + e.exitCode(), e);
      }
      return e.exitCode().code();
    } catch (Exception | OutOfMemoryError | LinkageError | StackOverflowError e) {
      boolean interrupted = Failure.isInterruption(e);
      if (verbose) {
        terminal.err().print(Failure.trace(e));
      }
      terminal
          .err()
          .println(
              title + ": " + (interrupted ? Failure.describeInterruption(e) : Failure.describe(e)));
      return (interrupted ? ExitCode.INTERRUPTED : ExitCode.FAILED).code();
    }
  }

  private String seeHelp(String command) {
    return "; see '" + name + command + " --help'";
  }

  /**
   * Turns the end of the process (SIGINT, SIGTERM) into an interrupt of the thread that works, and
   * gives it time to write its checkpoint and to delete its temporary files.
   */
  private static final class Interruption {

    private final Thread worker;
    private final Supplier<Duration> patience;
    private final CountDownLatch finished = new CountDownLatch(1);

    private Interruption(Thread worker, Supplier<Duration> patience) {
      this.worker = worker;
      this.patience = patience;
    }

    /**
     * Watches from now on.
     *
     * @param worker the thread to interrupt
     * @param patience how long the process waits for it
     * @return call {@link #finished()} when the work is over
     */
    static Interruption of(Thread worker, Supplier<Duration> patience) {
      Interruption interruption = new Interruption(worker, patience);
      Runtime.getRuntime()
          .addShutdownHook(new Thread(interruption::interrupt, "cpsample-interruption"));
      return interruption;
    }

    void interrupt() {
      if (finished.getCount() == 0) {
        return;
      }
      worker.interrupt();
      try {
        if (!finished.await(patience.get().toMillis(), TimeUnit.MILLISECONDS)) {
          System.err.println("cpsample: ended before the work under way could be wound up");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void finished() {
      finished.countDown();
    }
  }
}
