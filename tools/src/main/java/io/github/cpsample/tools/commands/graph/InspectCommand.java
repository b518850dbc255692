package io.github.cpsample.tools.commands.graph;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.autodiff.ReverseDifferentiator;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandSpec;
import io.github.cpsample.tools.commands.shared.ManifestText;
import io.github.cpsample.tools.graph.GraphText;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** {@code cpsample inspect}: describes a bundle or an ONNX file. */
public final class InspectCommand implements Command {

  /** The command; it has no state. */
  public InspectCommand() {}

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "inspect",
        "Describe a model bundle or an ONNX file",
        "NAME|PATH",
        "For a bundle: its manifest, its networks, and the gradient graph that is derived from the"
            + " classifier. For networks: inputs, outputs, operators with counts, opset, and which"
            + " execution providers of ONNX Runtime implement all of it (from ONNX Runtime's"
            + " documentation).",
        List.of(),
        "cpsample inspect fashion-mnist");
  }

  @Override
  public Action prepare(Arguments arguments) {
    String what = arguments.operand();
    return terminal -> run(what, terminal.out());
  }

  private static void run(String what, PrintStream out) throws IOException {
    if (isOnnxFile(what)) {
      out.println(what);
      GraphText.describe(OnnxCodec.read(Path.of(what))).forEach(out::println);
      return;
    }
    try (ModelBundle bundle = ModelBundle.of(what)) {
      Manifest manifest = bundle.manifest();
      ManifestText.describe(manifest).forEach(out::println);
      String denoiser = manifest.denoiser().file();
      String classifier = manifest.classifier().file();
      if (bundle.path(denoiser).isEmpty()) {
        print(denoiser, OnnxCodec.read(bundle.file(denoiser)), out);
      }
      OnnxModel guard = OnnxCodec.read(bundle.file(classifier));
      print(classifier, guard, out);
      OnnxModel gradient =
          ReverseDifferentiator.of(guard)
              .outputs(manifest.classifier().output())
              .withRespectTo(manifest.classifier().input())
              .differentiate();
      print("gradient graph, derived from " + classifier, gradient, out);
    }
  }

  private static boolean isOnnxFile(String what) {
    return what.toLowerCase(Locale.ROOT).endsWith(".onnx") && Files.isRegularFile(Path.of(what));
  }

  private static void print(String title, OnnxModel model, PrintStream out) {
    out.println();
    out.println(title);
    GraphText.describe(model).forEach(out::println);
  }
}
