package io.github.cpsample.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an audit of 100,000 training images of 3 x 32 x 32 costs beside sampling: reading,
 * embedding, index, search, metrics. Every size runs in a JVM of its own, with a heap of 512 MiB;
 * the exact search, for comparison, with one of 4 GiB.
 */
public final class ScaleReport {

  private static final int TRAINING = 100_000;
  private static final int SAMPLES = 2_000;
  private static final int EXACT_SAMPLES = 200;

  private ScaleReport() {}

  /**
   * Prints all tables.
   *
   * @param arguments the share of the usual numbers, 1 or less; then, if wanted, a folder of images
   *     with the folders {@code train} and {@code test}, whose images are mirrored as well
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] arguments) throws IOException {
    double share = arguments.length == 0 ? 1 : Double.parseDouble(arguments[0]);
    List<String> images =
        arguments.length > 1 ? List.of(Path.of(arguments[1]).toString()) : List.of();
    int training = (int) (share * TRAINING);
    int samples = (int) (share * SAMPLES);
    run("-Xmx512m", training / 4, samples, "AUTO", images);
    run("-Xmx512m", training, samples, "AUTO", images);
    run("-Xmx4g", training, (int) (share * EXACT_SAMPLES), "EXACT", images);
  }

  private static void run(
      String heap, int training, int samples, String search, List<String> images)
      throws IOException {
    Path work = Files.createTempDirectory("cpsample-scale");
    try {
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  work.toString(), Integer.toString(training), Integer.toString(samples), search));
      arguments.addAll(images);
      JavaProcess.run(
          JavaProcess.of(
              List.of(heap, "-XX:+UseSerialGC"), ScaleRun.class, arguments.toArray(String[]::new)));
    } finally {
      remove(work);
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
