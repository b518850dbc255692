package io.github.cpsample.benchmarks;

import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
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
      for (int batch : TrajectoryPlan.Batches.ALL) {
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
    return new UNet(
        OnnxWeights.NetworkShapes.denoiser(model.denoiserWeights(), model.manifest().image(), 1));
  }

  /**
   * A large square matrix product on ONNX Runtime, the right factor constant as weights are: about
   * the most that the machine computes in float32. Holds native memory; close it.
   */
  private static final class MatrixProduct implements AutoCloseable {

    private final int size;
    private final InferenceSession session;
    private final Map<String, TensorBuffer> inputs;
    private final Map<String, TensorBuffer> outputs;

    MatrixProduct(int size) {
      this.size = size;
      float[] numbers = new float[size * size];
      RandomMode.JAVA.open(1).initial().fill(numbers, 0, numbers.length);
      GraphBuilder graph = new GraphBuilder("product", 17);
      Shape square = Shape.fixed(size, size);
      Value a = graph.input("a", ElementType.FLOAT, square);
      Value b = graph.constant("b", numbers, size, size);
      graph.output("c", graph.matMul(a, b), ElementType.FLOAT, square);
      TensorBuffer left = TensorBuffer.floats(size, size);
      left.asFloats().put(numbers);
      this.inputs = Map.of("a", left);
      this.outputs = Map.of("c", TensorBuffer.floats(size, size));
      this.session = TwoCores.open("matrix product", OnnxCodec.toBytes(graph.build()));
    }

    void run() {
      session.run(inputs, outputs);
    }

    /** Operations of one product, a multiplication and an addition counting as two. */
    double operations() {
      return 2.0 * size * size * size;
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
