package io.github.cpsample.benchmarks;

import ai.djl.engine.Engine;
import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What was measured on, and with which settings that are not the benchmarks' own. */
final class MachineReport {

  private static final Path CPU = Path.of("/proc/cpuinfo");

  /** Settings of the environment that make PyTorch faster (docs/guide/training.md). */
  private static final List<String> ENVIRONMENT =
      List.of(
          "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "MALLOC_TOP_PAD_", "OMP_WAIT_POLICY");

  private MachineReport() {}

  static void print(PrintStream out) {
    MarkdownTable table = new MarkdownTable(out, "Machine and settings", "what", "value");
    table.row("processor", processor());
    table.row("cores that the JVM sees", Runtime.getRuntime().availableProcessors());
    table.row("threads of each engine", TwoCores.THREADS);
    table.row("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    table.row("Java", System.getProperty("java.vm.name") + " " + Runtime.version());
    table.row("ONNX Runtime", OrtEnvironment.getEnvironment("cpsample").getVersion());
    try (var manager = TorchEngine.newManager()) {
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
