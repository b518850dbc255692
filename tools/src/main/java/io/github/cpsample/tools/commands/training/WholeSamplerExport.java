package io.github.cpsample.tools.commands.training;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.bundle.SamplerSpec;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.protection.StrengthInputs;
import io.github.cpsample.sampling.SamplerGraph;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.cli.UsageException;
import io.github.cpsample.tools.commands.shared.ModelArgument;
import io.github.cpsample.tools.commands.shared.SamplingOptions;
import io.github.cpsample.tools.graph.GraphText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code cpsample export --whole-sampler}: writes a model's sampler as one ONNX file. */
final class WholeSamplerExport {

  private static final Opt<Boolean> WHOLE =
      Opt.flag("whole-sampler", "write a model's protected sampler as one ONNX file");
  private static final Opt<String> STRENGTH =
      Opt.choice(
              "strength-inputs",
              "how the file takes alpha and scale, which can only strengthen the protection:"
                  + " optional, or required (0 for the model's) for bindings of ONNX Runtime that"
                  + " cannot give optional inputs, as those for JavaScript and Java",
              List.of("optional", "required"))
          .or("optional");
  private static final List<Opt<?>> OF_WHOLE =
      List.of(
          ModelArgument.MODEL_OR_SHIPPED,
          SamplingOptions.SAMPLER,
          SamplingOptions.STEPS,
          SamplingOptions.ETA,
          STRENGTH);

  /** The options of this kind of export. */
  static final List<Opt<?>> OPTIONS =
      List.of(
          WHOLE,
          ModelArgument.MODEL_OR_SHIPPED,
          SamplingOptions.SAMPLER,
          SamplingOptions.STEPS,
          SamplingOptions.ETA,
          STRENGTH);

  private WholeSamplerExport() {}

  /**
   * Whether this kind of export is asked for.
   *
   * @throws UsageException if options of both kinds are given
   */
  static boolean wanted(Arguments arguments, List<Opt<?>> ofBundles) {
    boolean wanted = arguments.has(WHOLE);
    for (Opt<?> option : wanted ? ofBundles : OF_WHOLE) {
      if (arguments.has(option)) {
        throw new UsageException(
            wanted
                ? "--whole-sampler: expected no --" + option.name() + ", which is for bundles"
                : "--" + option.name() + ": expected together with --whole-sampler, found alone");
      }
    }
    return wanted;
  }

  private record Settings(
      String model,
      Optional<String> sampler,
      Optional<Integer> steps,
      Optional<Double> eta,
      StrengthInputs strength,
      Path out) {}

  static Command.Action prepare(Arguments arguments, Path out) {
    Settings settings =
        new Settings(
            arguments.get(ModelArgument.MODEL_OR_SHIPPED),
            arguments.find(SamplingOptions.SAMPLER),
            arguments.find(SamplingOptions.STEPS),
            arguments.find(SamplingOptions.ETA),
            StrengthInputs.named(arguments.get(STRENGTH)),
            out);
    Optional<SamplerKind> sampler = settings.sampler().map(SamplerKind::named);
    if (sampler.filter(kind -> kind != SamplerKind.DDIM).isPresent()
        && settings.eta().isPresent()) {
      throw new UsageException("--eta: expected --sampler ddim, found " + sampler.get().label());
    }
    return terminal -> run(settings, terminal);
  }

  private static void run(Settings settings, Terminal terminal) throws Exception {
    if (Files.isDirectory(settings.out())) {
      throw new IOException(
          settings.out() + ": expected the name of a file to write, found a folder");
    }
    OnnxModel model;
    try (ModelBundle bundle = ModelBundle.of(settings.model())) {
      SamplerSpec defaults = bundle.manifest().sampler();
      model =
          SamplerGraph.of(
              bundle,
              SamplerKind.named(settings.sampler().orElse(defaults.kind())),
              settings.steps().orElse(defaults.steps()),
              settings.eta().orElse(defaults.eta()),
              settings.strength());
    }
    OnnxCodec.write(model, settings.out());
    print(model, settings.out(), terminal);
  }

  private static void print(OnnxModel model, Path out, Terminal terminal) throws IOException {
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%s: sampler %s, %s steps, %,d bytes%n",
            out,
            model.metadata().get("cpsample.sampler"),
            model.metadata().get("cpsample.steps"),
            Files.size(out));
    model
        .graph()
        .inputs()
        .forEach(
            input ->
                terminal
                    .out()
                    .println(
                        "  input   "
                            + GraphText.of(input)
                            + (model.graph().initializers().containsKey(input.name())
                                ? ", optional"
                                : "")));
    model
        .graph()
        .outputs()
        .forEach(output -> terminal.out().println("  output  " + GraphText.of(output)));
    terminal.err().println("cpsample export: " + model.metadata().get("cpsample.warning"));
  }
}
