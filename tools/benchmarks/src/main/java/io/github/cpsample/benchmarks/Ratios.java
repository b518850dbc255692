package io.github.cpsample.benchmarks;

import ai.djl.engine.Engine;
import ai.onnxruntime.OrtEnvironment;
import io.github.cpsample.sampling.SampleResult;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every report in one run, in the tables that docs/studies/benchmarks.md holds. */
public final class Ratios {

  private Ratios() {}

  /**
   * Prints every table.
   *
   * @param arguments the share of the usual time; none means 1, about ten minutes
   */
  public static void main(String[] arguments) {
    Effort effort = Effort.of(arguments);
    PrintStream out = System.out;
    MachineReport.print(out);
    GradientReport.print(out, effort);
    TrajectoryReport.print(out, effort);
    JavaShare.print(out, effort);
    ThroughputReport.print(out, effort);
    ColdStart.print(out, effort);
    MemoryReport.runAlone(effort);
  }

  /** What was measured on, and with which settings that are not the benchmarks' own. */
  private static final class MachineReport {

    private static final Path CPU = Path.of("/proc/cpuinfo");

    /** Settings of the environment that make PyTorch faster (docs/guide/training.md). */
    private static final List<String> ENVIRONMENT =
        List.of(
            "MALLOC_MMAP_THRESHOLD_",
            "MALLOC_TRIM_THRESHOLD_",
            "MALLOC_TOP_PAD_",
            "OMP_WAIT_POLICY");

    private MachineReport() {}

    static void print(PrintStream out) {
      MarkdownTable table = new MarkdownTable(out, "Machine and settings", "what", "value");
      table.row("processor", processor());
      table.row("cores that the JVM sees", Runtime.getRuntime().availableProcessors());
      table.row("threads of each engine", TwoCores.THREADS);
      table.row("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
      table.row("Java", System.getProperty("java.vm.name") + " " + Runtime.version());
      table.row("ONNX Runtime", OrtEnvironment.getEnvironment("cpsample").getVersion());
      try (var manager = TorchNetwork.TorchEngine.newManager()) {
        Engine engine = manager.getEngine();
        table.row("PyTorch, through DJL " + Engine.getDjlVersion(), engine.getVersion());
      }
      ENVIRONMENT.forEach(name -> table.row(name, System.getenv().getOrDefault(name, "not set")));
    }

    private static String processor() {
      if (!Files.isReadable(CPU)) {
        return System.getProperty("os.arch");
      }
      try (Stream<String> lines = Files.lines(CPU)) {
        return lines
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse(System.getProperty("os.arch"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The classifier on ONNX Runtime against PyTorch: forward, and forward with gradient. */
  private static final class GradientReport {

    private static final double SECONDS_PER_BATCH = 15;

    private GradientReport() {}

    static void print(PrintStream out, Effort effort) {
      MarkdownTable table =
          new MarkdownTable(
              out,
              "Classifier, ms per batch",
              "batch",
              "forward, ONNX Runtime",
              "forward, PyTorch",
              "PyTorch / ONNX Runtime",
              "gradient, ONNX Runtime",
              "gradient, PyTorch",
              "PyTorch / ONNX Runtime",
              "rounds");
      for (int batch : TrajectoryPlan.Batches.ALL) {
        try (ClassifierSides sides = new ClassifierSides(batch)) {
          Map<String, Runnable> turns = new LinkedHashMap<>();
          turns.put("forward onnx", sides.onnx()::forward);
          turns.put("forward torch", sides.torch()::forward);
          turns.put("gradient onnx", sides.onnx()::gradient);
          turns.put("gradient torch", sides.torch()::gradient);
          Interleaved times = Interleaved.measure(effort.seconds(SECONDS_PER_BATCH), turns);
          table.row(
              batch,
              MarkdownTable.millis(times.median("forward onnx")),
              MarkdownTable.millis(times.median("forward torch")),
              MarkdownTable.ratio(times.ratio("forward torch", "forward onnx")),
              MarkdownTable.millis(times.median("gradient onnx")),
              MarkdownTable.millis(times.median("gradient torch")),
              MarkdownTable.ratio(times.ratio("gradient torch", "gradient onnx")),
              times.rounds());
        }
      }
    }
  }

  /** A batch of images by DDIM-50: what protection costs, and what it costs elsewhere. */
  private static final class TrajectoryReport {

    private static final double SECONDS_PER_BATCH = 60;

    private TrajectoryReport() {}

    static void print(PrintStream out, Effort effort) {
      MarkdownTable times =
          new MarkdownTable(
              out,
              "DDIM-50, ms per batch of images; the other columns are ratios of times",
              "batch",
              "unprotected, ms",
              "protected, ms",
              "protected / unprotected",
              "alpha 1/2 / unprotected",
              "straightforward / unprotected",
              "straightforward / protected",
              "one graph per step / protected",
              "one graph / separate, alpha 1/2",
              "PyTorch, ms",
              "PyTorch / protected",
              "guarded rows of all",
              "rounds");
      for (int batch : TrajectoryPlan.Batches.ALL) {
        try (TrajectorySides sides = new TrajectorySides(batch, TrajectoryPlan.STEPS)) {
          row(times, batch, measure(sides, effort), sides.totals());
        }
      }
    }

    private static Interleaved measure(TrajectorySides sides, Effort effort) {
      Map<String, Runnable> turns = new LinkedHashMap<>();
      turns.put("unprotected", sides.unprotected()::sample);
      turns.put("protected", sides.standard()::sample);
      turns.put("always", sides.always()::sample);
      turns.put("straightforward", sides.straightforward()::sample);
      turns.put("graph", sides.oneGraph()::sample);
      turns.put("always graph", sides.alwaysOneGraph()::sample);
      turns.put("torch", sides.torch()::sample);
      return Interleaved.measure(effort.seconds(SECONDS_PER_BATCH), turns);
    }

    private static void row(
        MarkdownTable table, int batch, Interleaved times, SampleResult.Totals totals) {
      table.row(
          batch,
          MarkdownTable.millis(times.median("unprotected")),
          MarkdownTable.millis(times.median("protected")),
          MarkdownTable.ratio(times.ratio("protected", "unprotected")),
          MarkdownTable.ratio(times.ratio("always", "unprotected")),
          MarkdownTable.ratio(times.ratio("straightforward", "unprotected")),
          MarkdownTable.ratio(times.ratio("straightforward", "protected")),
          MarkdownTable.ratio(times.ratio("graph", "protected")),
          MarkdownTable.ratio(times.ratio("always graph", "always")),
          MarkdownTable.millis(times.median("torch")),
          MarkdownTable.ratio(times.ratio("torch", "protected")),
          MarkdownTable.percent((double) totals.gradientRows() / batch / TrajectoryPlan.STEPS),
          times.rounds());
    }
  }
}
