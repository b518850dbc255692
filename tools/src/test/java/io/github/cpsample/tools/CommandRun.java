package io.github.cpsample.tools;

import io.github.cpsample.tools.cli.Screen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A command line that was run in this process.
 *
 * @param code its exit code
 * @param out what it printed as result
 * @param err what it printed as messages
 */
public record CommandRun(int code, String out, String err) {

  /** Runs a command line. */
  public static CommandRun of(String... arguments) {
    Screen screen = new Screen();
    int code = Main.tool().run(screen.terminal(), arguments);
    return new CommandRun(code, screen.out(), screen.err());
  }

  /** The same, with arguments that are separated by spaces. */
  public static CommandRun ofLine(String line) {
    return of(line.split(" "));
  }

  /** Names of the files in a folder, in order; none for no folder. */
  public static List<String> files(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
