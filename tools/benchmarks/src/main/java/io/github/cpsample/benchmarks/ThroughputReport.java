package io.github.cpsample.benchmarks;

import io.github.cpsample.trainer.network.Network;
import io.github.cpsample.trainer.network.ShapeOps;
import io.github.cpsample.trainer.network.UNet;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** How far denoiser and classifier are from what the machine can compute, and where time goes. */
public final class ThroughputReport {

  private static final double SECONDS_PER_BATCH = 12;
  private static final double GIGA = 1e9;
  private static final int PROFILED_BATCH = 16;

  private final Map<String, MatrixProduct> products = new LinkedHashMap<>();
  private final ShippedModel model = new ShippedModel();
  private final PrintStream out;
  private final Effort effort;

  private ThroughputReport(PrintStream out, Effort effort) {
    this.out = out;
    this.effort = effort;
  }

  /**
   * Prints the tables.
   *
   * @param arguments the share of the usual time; none means 1
   */
  public static void main(String[] arguments) {
    print(System.out, Effort.of(arguments));
  }

  static void print(PrintStream out, Effort effort) {
    new ThroughputReport(out, effort).print();
  }

  private void print() {
    MarkdownTable table =
        new MarkdownTable(
            out,
            "Throughput, GFLOP/s; share of the best matrix product (1024 or 2048) of the same row",
            "batch",
            "matrix product",
            "denoiser",
            "share",
            "classifier",
            "share",
            "rounds");
    try (MatrixProduct small = new MatrixProduct(1024);
        MatrixProduct large = new MatrixProduct(2048)) {
      products.put("product 1024", small);
      products.put("product 2048", large);
      for (int batch : Batches.ALL) {
        row(table, batch);
      }
    }
    NoisedBatch batch = new NoisedBatch(model.manifest(), PROFILED_BATCH);
    OperatorProfile profile = new OperatorProfile(model.manifest(), batch, effort.count(200, 5));
    profile.print(out, "denoiser", model.denoiser());
    profile.print(out, "classifier", model.classifier());
    profile.print(out, "derived graph of the classifier", model.gradient());
  }

  private void row(MarkdownTable table, int batch) {
    NoisedBatch input = new NoisedBatch(model.manifest(), batch);
    Map<String, Runnable> turns = new LinkedHashMap<>();
    products.forEach((name, product) -> turns.put(name, product::run));
    try (OnnxDenoiser denoiser = new OnnxDenoiser(model, input);
        OnnxClassifier classifier = new OnnxClassifier(model, input)) {
      turns.put("denoiser", denoiser::run);
      turns.put("classifier", classifier::forward);
      Interleaved times = Interleaved.measure(effort.seconds(SECONDS_PER_BATCH), turns);
      double best =
          products.entrySet().stream()
              .mapToDouble(p -> p.getValue().operations() / times.best(p.getKey()) / GIGA)
              .max()
              .orElseThrow();
      double denoised = rate(denoiserNetwork(), batch, times.median("denoiser"));
      double classified = rate(model.classifierNetwork(), batch, times.median("classifier"));
      table.row(
          batch,
          MarkdownTable.number(best, 1),
          MarkdownTable.number(denoised, 1),
          MarkdownTable.percent(denoised / best),
          MarkdownTable.number(classified, 1),
          MarkdownTable.percent(classified / best),
          times.rounds());
    }
  }

  private static double rate(Network network, int batch, double seconds) {
    return 2.0 * ShapeOps.describe(network).multiplications() * batch / seconds / GIGA;
  }

  /** The groups of the normalisation do not matter here: only products are counted. */
  private Network denoiserNetwork() {
    return new UNet(NetworkShapes.denoiser(model.denoiserWeights(), model.manifest().image(), 1));
  }
}
