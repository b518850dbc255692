package io.github.cpsample.tools.commands.training;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.SamplerSpec;
import io.github.cpsample.diffusion.TimestepSpacing;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandSpec;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.cli.UsageException;
import io.github.cpsample.tools.commands.shared.ProtectionOptions;
import io.github.cpsample.tools.training.RunSecrets;
import io.github.cpsample.trainer.export.BundleExporter;
import io.github.cpsample.trainer.export.StartingDenoiser;
import io.github.cpsample.trainer.training.ClassifierRun;
import io.github.cpsample.trainer.training.ClassifierTraining;
import io.github.cpsample.trainer.training.DenoiserRun;
import io.github.cpsample.trainer.training.DenoiserSettings;
import io.github.cpsample.trainer.training.DenoiserTraining;
import io.github.cpsample.trainer.training.Trained;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code cpsample export}: puts trained networks into a bundle. */
public final class ExportCommand implements Command {

  private static final String FOR_BUNDLES = "; required for a bundle";
  private static final Opt<Path> DENOISER =
      Opt.path("denoiser", "RUN", "run of 'cpsample train denoiser'" + FOR_BUNDLES);
  private static final Opt<Path> CLASSIFIER =
      Opt.path("classifier", "RUN", "run of 'cpsample train classifier'" + FOR_BUNDLES);
  private static final Opt<String> NAME =
      Opt.of("name", "NAME", "name of the model" + FOR_BUNDLES, ExportCommand::name);
  private static final Opt<Path> OUT =
      Opt.path(
              "out",
              "FILE|DIR",
              "folder of the bundle, or a file that ends in .zip; with --whole-sampler the ONNX"
                  + " file")
          .required();
  private static final SamplerSpec SAMPLER =
      new SamplerSpec("ddim", 50, 0, TimestepSpacing.LEADING, true);

  /** The command; it has no state. */
  public ExportCommand() {}

  @Override
  public CommandSpec spec() {
    List<Opt<?>> options = new ArrayList<>(ofBundles());
    options.add(OUT);
    options.addAll(WholeSamplerExport.OPTIONS);
    return new CommandSpec(
        "export",
        "Write trained networks as a bundle, or a model's whole sampler as one ONNX file",
        "",
        "A bundle holds denoiser.onnx, classifier.onnx and manifest.json. Keep it where the"
            + " training data is kept: its classifier tells training images from others.\n"
            + "With --whole-sampler, a model becomes one ONNX file that makes protected images from"
            + " noise wherever ONNX Runtime runs. The classifier is inside: keep it there too.",
        options,
        "cpsample export --denoiser runs/denoiser --classifier runs/classifier --name photos --out"
            + " photos.zip");
  }

  private static List<Opt<?>> ofBundles() {
    List<Opt<?>> options = new ArrayList<>(List.of(DENOISER, CLASSIFIER, NAME));
    options.addAll(ProtectionOptions.OF_NEW_MODEL);
    return options;
  }

  static String name(String text) {
    if (!text.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new UsageException("expected letters, digits, '.', '_' and '-', found '" + text + "'");
    }
    return text;
  }

  @Override
  public Action prepare(Arguments arguments) {
    if (WholeSamplerExport.wanted(arguments, ofBundles())) {
      return WholeSamplerExport.prepare(arguments, arguments.get(OUT));
    }
    return prepareBundle(arguments);
  }

  private static Action prepareBundle(Arguments arguments) {
    Path denoiser = arguments.get(DENOISER);
    Path classifier = arguments.get(CLASSIFIER);
    String name = arguments.get(NAME);
    Path out = arguments.get(OUT);
    ProtectionOptions.check(arguments);
    return terminal -> {
      Trained<DenoiserRun> trained = DenoiserTraining.read(denoiser);
      Trained<ClassifierRun> guard = ClassifierTraining.read(classifier);
      RunSecrets.Fingerprint data = RunSecrets.fingerprint(classifier);
      BundleExporter.Description description =
          new BundleExporter.Description(
              name,
              ProtectionOptions.ofNewModel(arguments, guard.run().settings()),
              SAMPLER,
              data.salt(),
              data.hex());
      if (arguments.has(ProtectionOptions.ALPHA)) {
        description = description.withChosenAlpha();
      }
      Optional<Path> fallback = arguments.find(ProtectionOptions.FALLBACK);
      if (fallback.isPresent()) {
        description = description.withFallback(fallback(fallback.get(), trained.run().settings()));
      }
      print(BundleExporter.export(trained, guard, description, out), out, terminal);
    };
  }

  /** A denoiser that was trained here, and fits the one that it stands in for. */
  private static OnnxModel fallback(Path path, DenoiserSettings own) throws IOException {
    StartingDenoiser fallback = StartingDenoiser.read(path);
    requireFit(path, "schedule", own.schedule(), fallback.schedule().orElse(own.schedule()));
    requireFit(
        path, "prediction type", own.prediction(), fallback.prediction().orElse(own.prediction()));
    requireFit(path, "classes", own.network().classes(), fallback.network().classes());
    return fallback.toOnnx();
  }

  private static void requireFit(Path path, String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new IllegalArgumentException(
          "--fallback "
              + path
              + ": expected the denoiser's "
              + what
              + " "
              + expected
              + ", found "
              + found
              + "; only a denoiser of the same noise can go on with its images");
    }
  }

  static void print(Manifest manifest, Path out, Terminal terminal) throws IOException {
    terminal.out().println(out + ": model " + manifest.name());
    manifest
        .files()
        .forEach(
            (file, entry) ->
                terminal.out().printf(Locale.ROOT, "  %s, %,d bytes%n", file, entry.bytes()));
    if (!manifest.training().memorisationTarget().equals("met")) {
      terminal
          .err()
          .println(
              "cpsample: the classifier did not meet its memorisation target, so the protection may"
                  + " be weak; 'cpsample inspect' shows what it memorised at which noise level");
    }
  }
}
