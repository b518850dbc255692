package io.github.cpsample.tools.commands.training;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.CalibrationEvidence;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.calibration.Calibration.Outcome;
import io.github.cpsample.evaluation.calibration.ClassifierVariants;
import io.github.cpsample.evaluation.calibration.EvidenceTradeOff;
import io.github.cpsample.evaluation.store.JsonFile;
import io.github.cpsample.inference.Device;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandSpec;
import io.github.cpsample.tools.cli.ExitCode;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.OutcomeException;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.cli.UsageException;
import io.github.cpsample.tools.commands.shared.EvidenceText;
import io.github.cpsample.tools.commands.shared.ModelArgument;
import io.github.cpsample.tools.commands.shared.SamplingOptions;
import io.github.cpsample.tools.training.TrainingImages;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code cpsample calibrate}: finds how a model is to be protected, and says what shows it. */
public final class CalibrateCommand implements Command {

  static final Opt<String> TRAIN =
      Opt.text("train", "PATH|fashion-mnist", "the images that the model was trained on")
          .required();
  static final Opt<String> HOLDOUT =
      Opt.text(
              "holdout",
              "PATH|fashion-mnist",
              "images of the same kind that neither denoiser nor classifier was trained on")
          .required();
  private static final Opt<Path> OUT =
      Opt.path(
          "out",
          "DIR|ZIP",
          "new bundle with the chosen settings; default: the manifest of --model, a folder, is"
              + " replaced");
  private static final Opt<Path> WORK =
      Opt.path(
          "work",
          "DIR",
          "folder for finished batches and trade-off.json; default: the bundle's name with"
              + " .calibration behind it");
  private static final Opt<Boolean> DRY_RUN =
      Opt.flag("dry-run", "measure and print, but write no manifest");
  private static final String TRADE_OFF = "trade-off.json";

  /** The command; it has no state. */
  public CalibrateCommand() {}

  @Override
  public CommandSpec spec() {
    List<Opt<?>> options = new ArrayList<>(List.of(ModelArgument.MODEL, TRAIN, HOLDOUT));
    options.addAll(CalibrateOptions.OF_THE_SEARCH);
    options.addAll(List.of(SamplingOptions.STEPS, SamplingOptions.SEED, CalibrateOptions.BATCH));
    options.add(CalibrationRun.CalibrationEmbedder.EMBEDDER);
    options.addAll(CalibrationRun.CONDITIONS);
    options.addAll(NewClassifiers.OPTIONS);
    options.addAll(List.of(SamplingOptions.DEVICE, OUT, WORK, DRY_RUN));
    return new CommandSpec(
        "calibrate",
        "Find alpha, scale and guarded timesteps that protect a model as asked at the least cost",
        "",
        "Compares settings on common seeds and one half of the held-out images, gives up early"
            + " those that cannot meet a bound, and confirms the best on fresh seeds and the other"
            + " half. The settings and what was confirmed go into the manifest. When it is"
            + " interrupted, the same command goes on where it stopped.",
        options,
        "cpsample calibrate --model my-model --train photos --holdout others --max-replicas 0.01",
        Map.of(
            ExitCode.DONE,
            "the bound on replicas is shown",
            ExitCode.NOT_SHOWN,
            "the settings were written, but so few images do not show the bound",
            ExitCode.FAILED,
            "no setting meets the bounds, or the calibration failed, and nothing was written"));
  }

  @Override
  public Action prepare(Arguments arguments) {
    CalibrateTarget target =
        new CalibrateTarget(
            arguments.get(ModelArgument.MODEL), arguments.find(OUT), arguments.has(DRY_RUN));
    arguments.get(TRAIN);
    arguments.get(HOLDOUT);
    CalibrateOptions.plan(arguments);
    spec().options().forEach(arguments::find);
    target.checkOptions(NewClassifiers.wanted(arguments));
    Path work = arguments.find(WORK).orElseGet(target::usualWork);
    return terminal -> run(arguments, target, work, terminal);
  }

  private static void run(Arguments arguments, CalibrateTarget target, Path work, Terminal terminal)
      throws Exception {
    target.checkPlace();
    try (ModelBundle model = ModelBundle.of(target.model())) {
      TrainingImages training = training(arguments, model.manifest());
      Map<Integer, Path> trained =
          arguments.has(NewClassifiers.WANTED)
              ? NewClassifiers.train(model, arguments, training, work, terminal)
              : Map.of();
      try (ClassifierVariants variants =
          ClassifierVariants.open(
              model, trained, Device.parse(arguments.get(SamplingOptions.DEVICE)))) {
        CalibrationRun.Findings findings =
            measure(model.manifest(), variants, arguments, training, work, terminal);
        conclude(
            findings, CalibrateOptions.plan(arguments).bounds(), variants, target, work, terminal);
      }
    }
  }

  private static CalibrationRun.Findings measure(
      Manifest manifest,
      ClassifierVariants variants,
      Arguments arguments,
      TrainingImages training,
      Path work,
      Terminal terminal)
      throws IOException, InterruptedException {
    try {
      return CalibrationRun.measure(manifest, variants, arguments, training, work, terminal);
    } catch (InterruptedException | ClosedByInterruptException e) {
      Thread.interrupted();
      InterruptedException explained =
          new InterruptedException(
              "finished batches are in " + work + "; the same command goes on with them");
      explained.initCause(e);
      throw explained;
    }
  }

  private static TrainingImages training(Arguments arguments, Manifest manifest) {
    String source = arguments.get(TRAIN);
    int trained = manifest.data().trainingImages();
    boolean bundled = source.equals(TrainingImages.BUNDLED) && trained > 0;
    return new TrainingImages(source, bundled ? OptionalInt.of(trained) : OptionalInt.empty());
  }

  private static void conclude(
      CalibrationRun.Findings findings,
      CalibrationEvidence.Bounds bounds,
      ClassifierVariants variants,
      CalibrateTarget target,
      Path work,
      Terminal terminal)
      throws Exception {
    Outcome outcome = findings.outcome();
    JsonFile.write(
        work.resolve(TRADE_OFF),
        EvidenceTradeOff.of(
            outcome.curve(),
            outcome.chosen().map(it -> it.candidate().settings()),
            "tuning images of a calibration"));
    CalibrationReport.curve(outcome).forEach(terminal.out()::println);
    CalibrationReport.attempts(outcome, bounds).forEach(terminal.out()::println);
    if (outcome.chosen().isEmpty()) {
      throw new IllegalStateException(
          "no setting meets the bounds, and nothing was written. Nearest: "
              + outcome.nearest().orElseThrow());
    }
    CalibrationEvidence evidence = findings.evidence().orElseThrow();
    ModelBundle winner = variants.bundle(outcome.chosen().get().candidate().bits());
    Manifest calibrated = winner.manifest().calibrated(evidence);
    terminal.out().println("chosen: " + outcome.chosen().get().candidate().text());
    EvidenceText.of(evidence).forEach(line -> terminal.out().println("  " + line));
    Optional<Path> written =
        target.dry() ? Optional.empty() : Optional.of(target.write(winner, calibrated));
    terminal
        .out()
        .println(written.map(file -> "written to " + file).orElse("nothing written (--dry-run)"));
    requireShown(evidence);
  }

  private static void requireShown(CalibrationEvidence evidence) throws OutcomeException {
    CalibrationEvidence.Confirmation measured = evidence.confirmation();
    if (!measured.shown()) {
      throw new OutcomeException(
          ExitCode.NOT_SHOWN,
          EvidenceText.replicas(measured, evidence.bounds()) + "; a larger --count may show it");
    }
  }

  /**
   * Where the outcome of a calibration goes: into the model's own manifest, into a new bundle, or
   * nowhere.
   *
   * @param model as the command line names it
   * @param out the new bundle; empty for the model's own manifest
   * @param dry whether nothing is written
   */
  private record CalibrateTarget(String model, Optional<Path> out, boolean dry) {

    /** Refuses options that leave nothing that can be written. */
    void checkOptions(boolean newFiles) {
      if (dry || out.isPresent()) {
        return;
      }
      if (newFiles) {
        throw new UsageException(
            "--train-classifier: expected --out, since a new classifier changes the model's files");
      }
      if (!isFolder()) {
        throw new UsageException(
            "--model: expected a bundle's folder, whose manifest is written, found "
                + model
                + "; give --out DIR for a new bundle, or --dry-run");
      }
    }

    /** Refuses a place that cannot be written, before the work. */
    void checkPlace() {
      if (!dry) {
        out.ifPresent(BundleWriter::requireReplaceable);
      }
    }

    private boolean isFolder() {
      return !ModelBundle.names().contains(model) && Files.isDirectory(Path.of(model));
    }

    /** The folder for finished batches, unless somebody says otherwise. */
    Path usualWork() {
      Path name = out.orElseGet(() -> Path.of(model)).toAbsolutePath().normalize();
      return name.resolveSibling(name.getFileName() + ".calibration");
    }

    /**
     * Writes a model's new manifest, alone or with the model's files.
     *
     * @param bundle the model; its manifest is as it was read
     * @param calibrated the manifest to write
     * @return what was written
     * @throws IOException if the manifest was changed by somebody else meanwhile
     */
    Path write(ModelBundle bundle, Manifest calibrated) throws IOException {
      if (out.isEmpty()) {
        Path file = Path.of(model).resolve(Manifest.FILE_NAME);
        if (!Manifest.read(file).equals(bundle.manifest())) {
          throw new IOException(
              file
                  + ": expected the manifest that was calibrated, found another one: it was changed"
                  + " meanwhile; give the same command again");
        }
        calibrated.write(file);
        return file;
      }
      BundleWriter writer = BundleWriter.of(calibrated);
      for (String name : bundle.manifest().files().keySet()) {
        Optional<Path> large = bundle.path(name);
        if (large.isPresent()) {
          writer.file(name, large.get());
        } else {
          writer.file(name, bundle.file(name));
        }
      }
      if (BundleWriter.isZip(out.get())) {
        writer.toZip(out.get());
      } else {
        writer.toDirectory(out.get());
      }
      return out.get();
    }
  }
}
