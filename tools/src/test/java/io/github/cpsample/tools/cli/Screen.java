package io.github.cpsample.tools.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A terminal whose output a test can read. */
public final class Screen {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** A terminal that writes here. */
  public Terminal terminal() {
    return new Terminal(stream(out), stream(err), false);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  /** What was printed as result. */
  public String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What was printed as message. */
  public String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
