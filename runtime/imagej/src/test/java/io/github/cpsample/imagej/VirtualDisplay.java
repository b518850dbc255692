package io.github.cpsample.imagej;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A screen that nobody sees, for windows that must be opened. */
final class VirtualDisplay implements AutoCloseable {
  private final Process server;
  private final String name;

  private VirtualDisplay(Process server, String name) {
    this.server = server;
    this.name = name;
  }

  /** Opens a screen of 1100 x 800 pixels, or skips the test where there is no Xvfb. */
  static VirtualDisplay open() throws IOException {
    boolean installed =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "Xvfb")));
    assumeTrue(installed, "ImageJ is not tested: there is no Xvfb; install it (Debian: xvfb)");
    Path windows = Path.of(System.getProperty("java.home"), "lib", "libawt_xawt.so");
    assumeTrue(
        Files.exists(windows), "ImageJ is not tested: this Java opens no windows, it is headless");
    Process server =
        new ProcessBuilder(
                "Xvfb", "-displayfd", "1", "-screen", "0", "1100x800x24", "-nolisten", "tcp")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader out =
        new BufferedReader(
            new InputStreamReader(server.getInputStream(), StandardCharsets.US_ASCII));
    String number = out.readLine();
    if (number == null) {
      throw new IOException("Xvfb: expected the number of its display, found that it ended");
    }
    return new VirtualDisplay(server, ":" + number.strip());
  }

  /** As {@code DISPLAY} has it. */
  String name() {
    return name;
  }

  @Override
  public void close() {
    server.destroy();
  }
}
