package io.github.cpsample.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Memory of this process that is in RAM. */
final class ResidentSet {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String NOW = "VmRSS:";
  private static final String LARGEST = "VmHWM:";

  private ResidentSet() {}

  /** In KiB; empty where the operating system is not Linux. */
  static OptionalLong kibibytes() {
    return field(NOW);
  }

  /** The largest so far, in KiB; empty where the operating system is not Linux. */
  static OptionalLong peakKibibytes() {
    return field(LARGEST);
  }

  private static OptionalLong field(String name) {
    if (!Files.isReadable(STATUS)) {
      return OptionalLong.empty();
    }
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
