package io.github.cpsample.benchmarks;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** The classifier on ONNX Runtime against PyTorch: forward, and forward with gradient. */
final class GradientReport {

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
    for (int batch : Batches.ALL) {
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
