package io.github.cpsample.benchmarks;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** From the start of a JVM to the first image of the shipped model. */
public final class ColdStart {

  private static final double NANOS = 1e9;
  private static final int STARTS = 11;
  private static final int FEWEST = 2;

  private final List<Double> image = new ArrayList<>();
  private final List<Double> exit = new ArrayList<>();

  private ColdStart() {}

  /**
   * Prints the table.
   *
   * @param arguments the share of the usual number of starts; none means 1
   */
  public static void main(String[] arguments) {
    print(System.out, Effort.of(arguments));
  }

  static void print(PrintStream out, Effort effort) {
    ColdStart bare = new ColdStart();
    ColdStart guarded = new ColdStart();
    int starts = effort.count(STARTS, FEWEST);
    for (int i = 0; i < starts; i++) {
      bare.start(false);
      guarded.start(true);
    }
    MarkdownTable table =
        new MarkdownTable(
            out,
            "Cold start, seconds from the start of the JVM, medians",
            "protection",
            "first image",
            "exit of the JVM",
            "starts");
    table.row("off", seconds(bare.image), seconds(bare.exit), starts);
    table.row("on", seconds(guarded.image), seconds(guarded.exit), starts);
  }

  private void start(boolean guarded) {
    ProcessBuilder builder = JavaProcess.of(List.of(), FirstImage.class, Boolean.toString(guarded));
    long start = System.nanoTime();
    try {
      Process process = builder.start();
      try (BufferedReader reader = process.inputReader()) {
        String line = reader.readLine();
        image.add((System.nanoTime() - start) / NANOS);
        JavaProcess.requireSuccess(builder, process);
        exit.add((System.nanoTime() - start) / NANOS);
        if (!FirstImage.DONE.equals(line)) {
          throw new IllegalStateException(
              builder.command() + ": expected " + FirstImage.DONE + ", found " + line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String seconds(List<Double> times) {
    return MarkdownTable.number(Interleaved.Median.of(times), 2);
  }

  /** What a program does that makes one image: opens the shipped model and samples. */
  static final class FirstImage {

    /** Printed when the image is there. */
    static final String DONE = "first image";

    private FirstImage() {}

    /**
     * Makes one image with the model's settings.
     *
     * @param arguments true or false: protected or not
     */
    public static void main(String[] arguments) {
      try (ModelBundle model = ModelBundle.named(ShippedModel.NAME);
          ProtectedSampler sampler = ProtectedSampler.open(model, Device.cpu())) {
        sampler.sample(
            SampleRequest.of(1).withProtection(Boolean.parseBoolean(arguments[0])),
            Progress.none());
        System.out.println(DONE);
        System.out.flush();
      }
    }
  }
}
