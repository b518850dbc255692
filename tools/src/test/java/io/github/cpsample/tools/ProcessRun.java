package io.github.cpsample.tools;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that was run to its end.
 *
 * @param code its exit code
 * @param out what it printed
 * @param err what it printed as errors
 */
public record ProcessRun(int code, String out, String err) {

  private static final long MOST_SECONDS = 120;

  /** A process under way, and where its output goes. */
  public record Started(Process process, Path out, Path err) {

    /** Waits for its end. */
    public ProcessRun await() throws IOException, InterruptedException {
      try {
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
          throw new IOException(
              "expected the process to end, found it running after "
                  + MOST_SECONDS
                  + " s: "
                  + Files.readString(err));
        }
        return new ProcessRun(process.exitValue(), read(out), read(err));
      } finally {
        process.destroyForcibly();
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
      }
    }
  }

  /** Runs a program in a folder. */
  public static ProcessRun of(Path folder, Path program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    return start(folder, command).await();
  }

  /** Runs a line of the shell in a folder. */
  public static ProcessRun ofShell(Path folder, String line)
      throws IOException, InterruptedException {
    return start(folder, List.of("sh", "-c", line)).await();
  }

  /** Runs a Java program of this Java runtime with options and a class path. */
  public static ProcessRun ofJava(Path folder, List<String> options)
      throws IOException, InterruptedException {
    return startJava(folder, options).await();
  }

  /** Starts a Java program of this Java runtime. */
  public static Started startJava(Path folder, List<String> options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
    command.addAll(options);
    return start(folder, command);
  }

  private static Started start(Path folder, List<String> command) throws IOException {
    Path out = Files.createTempFile("cpsample", ".out");
    Path err = Files.createTempFile("cpsample", ".err");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    process.getOutputStream().close();
    return new Started(process, out, err);
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
