package io.github.cpsample.benchmarks;

import java.io.IOException;
import java.io.PrintStream;

/** Measures parts of an audit: time, images per second, memory. */
final class ScaleMeter {

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
            out, title, "part", "images", "seconds", "images/s", "heap after, MiB", "RSS, MiB");
  }

  /** Runs a part and prints its row. */
  <T> T measure(String name, int images, Part<T> part) throws IOException {
    long start = System.nanoTime();
    T result = part.run();
    double seconds = (System.nanoTime() - start) / NANOS;
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
        MarkdownTable.number(heap / MEBI, 0),
        resident);
    return result;
  }
}
