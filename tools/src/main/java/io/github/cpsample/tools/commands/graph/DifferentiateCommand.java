package io.github.cpsample.tools.commands.graph;

import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.ValueInfo;
import io.github.cpsample.onnx.autodiff.ReverseDifferentiator;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandSpec;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.cli.UsageException;
import io.github.cpsample.tools.graph.GraphText;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code cpsample differentiate}: derives a gradient graph from an ONNX file. */
public final class DifferentiateCommand implements Command {

  private static final Opt<Path> IN =
      Opt.path("in", "FILE", "ONNX file to differentiate").required();
  private static final Opt<Path> OUT = Opt.path("out", "FILE", "ONNX file to write").required();
  private static final Opt<String> OUTPUT =
      Opt.text("output", "NAME", "output to differentiate; default: every float output").repeated();
  private static final Opt<String> WRT =
      Opt.text(
              "wrt",
              "NAME",
              "input, or value inside, to differentiate with respect to; default: every float"
                  + " input")
          .repeated();

  private static final Opt<Boolean> STRAIGHT_THROUGH =
      Opt.flag(
          "straight-through",
          "let gradients pass where a quantised model rounds, as if it did not");

  private record Settings(
      Path in, Path out, List<String> outputs, List<String> inputs, boolean straightThrough) {}

  /** The command; it has no state. */
  public DifferentiateCommand() {}

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "differentiate",
        "Derive a graph that also computes gradients from an ONNX file",
        "",
        "The derived graph has the same inputs plus, per output, the cotangent seed/<output> of"
            + " that output's shape; the same outputs plus grad/<input>, the gradient of the sum of"
            + " seed/<output> times <output>. It runs wherever the original runs.",
        List.of(IN, OUT, OUTPUT, WRT, STRAIGHT_THROUGH),
        "cpsample differentiate --in classifier.onnx --out gradient.onnx --output logits --wrt x");
  }

  @Override
  public Action prepare(Arguments arguments) {
    Settings settings =
        new Settings(
            arguments.get(IN),
            arguments.get(OUT),
            arguments.all(OUTPUT),
            arguments.all(WRT),
            arguments.has(STRAIGHT_THROUGH));
    if (settings
        .in()
        .toAbsolutePath()
        .normalize()
        .equals(settings.out().toAbsolutePath().normalize())) {
      throw new UsageException("--out: expected another file than --in, found the same");
    }
    return terminal -> run(settings, terminal);
  }

  private static void run(Settings settings, Terminal terminal) throws Exception {
    OnnxModel model = OnnxCodec.read(settings.in());
    ReverseDifferentiator differentiator = ReverseDifferentiator.of(model);
    if (!settings.outputs().isEmpty()) {
      differentiator = differentiator.outputs(settings.outputs().toArray(String[]::new));
    }
    if (!settings.inputs().isEmpty()) {
      differentiator = differentiator.withRespectTo(settings.inputs().toArray(String[]::new));
    }
    if (settings.straightThrough()) {
      differentiator = differentiator.straightThrough();
    }
    OnnxModel derived = differentiator.differentiate();
    OnnxCodec.write(derived, settings.out());
    print(model, derived, settings, terminal);
  }

  private static void print(
      OnnxModel model, OnnxModel derived, Settings settings, Terminal terminal) {
    Set<ValueInfo> known = new HashSet<>(model.graph().inputs());
    known.addAll(model.graph().outputs());
    terminal
        .out()
        .println(
            settings.out()
                + ": "
                + derived.graph().nodes().size()
                + " nodes ("
                + model.graph().nodes().size()
                + " before)");
    if (derived.opset() != model.opset()) {
      terminal
          .out()
          .println(
              "  written in opset "
                  + derived.opset()
                  + ", since opset "
                  + model.opset()
                  + " has no operator that the gradient needs");
    }
    derived.graph().inputs().stream()
        .filter(value -> !known.contains(value))
        .forEach(value -> terminal.out().println("  new input   " + GraphText.of(value)));
    derived.graph().outputs().stream()
        .filter(value -> !known.contains(value))
        .forEach(value -> terminal.out().println("  new output  " + GraphText.of(value)));
  }
}
