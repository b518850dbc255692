package io.github.cpsample.tools;

import io.github.cpsample.tools.cli.Screen;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code cpsample serve} under way in a thread of this process, at any free port. */
public final class RunningService implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("at (http://\\S+\\d)/");
  private static final long MOST_MILLIS = 120_000;

  private final Screen screen = new Screen();
  private final Thread thread;
  private volatile int code = -1;

  private RunningService(String... options) {
    List<String> words = new ArrayList<>(List.of("serve", "--port", "0"));
    words.addAll(List.of(options));
    this.thread =
        new Thread(() -> code = Main.tool().run(screen.terminal(), words.toArray(String[]::new)));
    thread.start();
  }

  /** Starts it and waits until it serves. */
  public static RunningService start(String... options) throws InterruptedException {
    RunningService service = new RunningService(options);
    long end = System.currentTimeMillis() + MOST_MILLIS;
    while (!ADDRESS.matcher(service.screen.out()).find()) {
      if (!service.thread.isAlive() || System.currentTimeMillis() > end) {
        throw new IllegalStateException("serves not: " + service.screen.err());
      }
      Thread.sleep(20);
    }
    return service;
  }

  /** Where it is reached. */
  public String address() {
    Matcher matcher = ADDRESS.matcher(screen.out());
    if (!matcher.find()) {
      throw new IllegalStateException(screen.out());
    }
    return matcher.group(1);
  }

  /** Interrupts it and waits for its end. */
  public CommandRun interrupt() throws InterruptedException {
    thread.interrupt();
    thread.join(MOST_MILLIS);
    return new CommandRun(code, screen.out(), screen.err());
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
