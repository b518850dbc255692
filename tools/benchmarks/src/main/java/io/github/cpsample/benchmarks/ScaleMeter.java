package io.github.cpsample.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;

/**
 * Measures parts of an audit: time, images per second, memory. The time of all threads on a
 * processor says what a part costs even where others use the machine as well.
 */
final class ScaleMeter {

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final double MEBI = 1 << 20;
  private static final double NANOS = 1e9;

  private final MarkdownTable table;

  /** A part. */
  @FunctionalInterface
  interface Part<T> {
    T run() throws IOException;
  }

  ScaleMeter(PrintStream out, String title) {
    this.table =
        new MarkdownTable(
            out,
            title,
            "part",
            "images",
            "seconds",
            "images/s",
            "CPU seconds",
            "images per CPU second",
            "heap after, MiB",
            "RSS, MiB");
  }

  /** Runs a part and prints its row. */
  <T> T measure(String name, int images, Part<T> part) throws IOException {
    long start = System.nanoTime();
    long busy = SYSTEM.getProcessCpuTime();
    T result = part.run();
    double seconds = (System.nanoTime() - start) / NANOS;
    double cpu = (SYSTEM.getProcessCpuTime() - busy) / NANOS;
    String resident =
        ResidentSet.kibibytes().stream()
            .mapToObj(it -> MarkdownTable.number(it / 1024.0, 0))
            .findFirst()
            .orElse("-");
    System.gc();
    double heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    table.row(
        name,
        images,
        MarkdownTable.number(seconds, 1),
        MarkdownTable.number(images / seconds, 0),
        MarkdownTable.number(cpu, 1),
        MarkdownTable.number(images / cpu, 0),
        MarkdownTable.number(heap / MEBI, 0),
        resident);
    return result;
  }
}
