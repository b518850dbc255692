package io.github.cpsample.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs of this module in a new JVM: the one that runs now, with the same class path. */
final class JavaProcess {

  private JavaProcess() {}

  /**
   * Describes a JVM that runs a class.
   *
   * @param flags flags of the JVM
   * @param main the class
   * @param arguments its arguments
   * @return not started; errors go to this process
   */
  static ProcessBuilder of(List<String> flags, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  /** Runs it to its end and shows what it prints. */
  static void run(ProcessBuilder builder) {
    try {
      Process process = builder.redirectOutput(ProcessBuilder.Redirect.INHERIT).start();
      requireSuccess(builder, process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for its end. */
  static void requireSuccess(ProcessBuilder builder, Process process) {
    try {
      int status = process.waitFor();
      if (status != 0) {
        throw new IllegalStateException(
            builder.command() + ": expected exit status 0, found " + status);
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + builder.command(), e);
    }
  }
}
