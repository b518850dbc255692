package io.github.cpsample.tools.commands.auditing;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.audit.Audit;
import io.github.cpsample.evaluation.audit.AuditDisplay;
import io.github.cpsample.evaluation.audit.AuditImages;
import io.github.cpsample.evaluation.audit.AuditSettings;
import io.github.cpsample.evaluation.audit.AuditedModel;
import io.github.cpsample.evaluation.comparators.ComparedMethods;
import io.github.cpsample.evaluation.figures.Report;
import io.github.cpsample.evaluation.quality.Embedder;
import io.github.cpsample.evaluation.quality.EmbedderSpec;
import io.github.cpsample.evaluation.quality.OnnxEmbedder;
import io.github.cpsample.evaluation.store.WorkFolder;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandSpec;
import io.github.cpsample.tools.cli.ProgressDisplay;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.commands.shared.DataOptions;
import io.github.cpsample.tools.report.ReportFolder;
import io.github.cpsample.tools.training.BuiltInEmbedder;
import io.github.cpsample.tools.training.DatasetRows;
import io.github.cpsample.tools.training.TrainingImages;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.DatasetFingerprint;
import io.github.cpsample.trainer.data.ImageDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** {@code cpsample audit}: measures what protection does to a model. */
public final class AuditCommand implements Command {

  /** The command; it has no state. */
  public AuditCommand() {}

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "audit",
        "Measure what protection does to a model: replicas, quality, membership attacks",
        "",
        "Samples from the same seeds without protection, with it, and with other methods; attacks"
            + " the model with training and held-out images. Writes index.html, report.json,"
            + " samples.jsonl (nearest training images by number) and worst-pairs.png. What is done"
            + " so far is in the folder work: the same command goes on after an interruption.",
        AuditOptions.ALL,
        "cpsample audit --model my-model --train photos --holdout others --out report");
  }

  @Override
  public Action prepare(Arguments arguments) {
    AuditOptions options = AuditOptions.of(arguments);
    return terminal -> run(options, terminal);
  }

  private static void run(AuditOptions options, Terminal terminal)
      throws IOException, InterruptedException {
    try (ModelBundle bundle = ModelBundle.of(options.model());
        ProtectedSampler sampler = ProtectedSampler.open(bundle, options.device())) {
      sampler
          .device()
          .fallbackReason()
          .ifPresent(reason -> terminal.err().println("cpsample audit: on the CPU: " + reason));
      ImageShape shape = bundle.manifest().image();
      int trained = bundle.manifest().data().trainingImages();
      try (ImageDataset training = training(options, trained).openTraining(shape);
          ImageDataset heldOut =
              new TrainingImages(options.holdout(), OptionalInt.empty()).openHeldOut(shape)) {
        AuditImages images = images(training, heldOut, bundle.manifest().data(), terminal);
        AuditedModel model = new AuditedModel(bundle, sampler, options.condition());
        run(options, model, images, terminal);
      }
    }
  }

  /** Of the images that come with the tool the model was trained on the first ones. */
  private static TrainingImages training(AuditOptions options, int trained) {
    boolean bundled = options.train().equals(TrainingImages.BUNDLED);
    return new TrainingImages(
        options.train(), bundled && trained > 0 ? OptionalInt.of(trained) : OptionalInt.empty());
  }

  private static AuditImages images(
      ImageDataset training, ImageDataset heldOut, Manifest.Data data, Terminal terminal) {
    DatasetRows members = DatasetRows.of(training, DataOptions.reportBroken(terminal));
    DatasetRows others = DatasetRows.of(heldOut, DataOptions.reportBroken(terminal));
    Map<String, String> identities = new LinkedHashMap<>();
    identities.put(AuditImages.TRAINING, identity(members));
    identities.put(AuditImages.HELD_OUT, identity(others));
    String found =
        DatasetFingerprint.of(
                training, HexFormat.of().parseHex(data.salt()), new BrokenImages(fault -> {}))
            .hex();
    boolean same = found.equalsIgnoreCase(data.fingerprint());
    identities.put(
        "fingerprint in the manifest",
        same ? "that of these training images" : "not that of these training images");
    if (!same) {
      terminal
          .err()
          .println(
              "note: these are not just the images that the classifier was trained on: the"
                  + " manifest has the fingerprint of other "
                  + data.trainingImages()
                  + " images");
    }
    return new AuditImages(training.shape(), members, others, identities);
  }

  private static String identity(DatasetRows rows) {
    return rows.size() + " images, SHA-256 of their values " + rows.hash();
  }

  private static void run(
      AuditOptions options, AuditedModel model, AuditImages images, Terminal terminal)
      throws IOException, InterruptedException {
    AuditSettings settings =
        options.settings(
            images.training().size(),
            ComparedMethods.namesFor(model.bundle().manifest()),
            model.bundle().manifest().calibration());
    model
        .bundle()
        .manifest()
        .calibration()
        .filter(evidence -> AuditOptions.tunedOn(evidence, settings))
        .ifPresent(
            evidence ->
                terminal
                    .err()
                    .println(
                        "note: the protection was chosen on images of these seeds, and looks"
                            + " better on them than it is: take a --seed of "
                            + (evidence.tuningSeed() + evidence.tuningImages())
                            + " or more, or none"));
    ReportFolder output = new ReportFolder(options.output(), options.trainingImages());
    Files.createDirectories(options.output());
    if (options.restart()) {
      WorkFolder.delete(output.work());
    }
    List<Embedder> embedders = new ArrayList<>();
    try {
      open(options, model, images.shape(), embedders);
      Audit audit = new Audit(model, images, embedders, settings, display(terminal));
      if (options.prepare()) {
        prepare(audit, output, terminal);
      } else {
        report(audit, options, output, terminal);
      }
    } finally {
      embedders.forEach(Embedder::close);
    }
  }

  private static void prepare(Audit audit, ReportFolder output, Terminal terminal)
      throws IOException {
    try (WorkFolder work = WorkFolder.open(output.work(), audit.decides())) {
      tellResumed(audit, work, terminal);
      audit.prepare(work, output);
    }
    terminal.out().println("prepared in " + output.work());
  }

  private static void report(
      Audit audit, AuditOptions options, ReportFolder output, Terminal terminal)
      throws IOException, InterruptedException {
    Report report;
    try (WorkFolder work = WorkFolder.open(output.work(), audit.decides())) {
      tellResumed(audit, work, terminal);
      report = run(audit, work, output);
    }
    if (!options.keepWork()) {
      WorkFolder.delete(output.work());
    }
    AuditText.of(report).forEach(terminal.out()::println);
    terminal.out().println("report in " + options.output());
  }

  private static void tellResumed(Audit audit, WorkFolder work, Terminal terminal)
      throws IOException {
    if (work.resumed()) {
      terminal
          .err()
          .println(
              "going on with the audit that began at "
                  + work.began()
                  + "; done are: "
                  + String.join(", ", audit.done(work)));
    }
  }

  private static Report run(Audit audit, WorkFolder work, ReportFolder output)
      throws IOException, InterruptedException {
    try {
      return audit.run(work, output);
    } catch (IOException | RuntimeException e) {
      if (Thread.interrupted()) {
        InterruptedException interrupted =
            new InterruptedException(
                "what is done is in "
                    + output.work()
                    + ", and the same command goes on from there");
        interrupted.initCause(e);
        throw interrupted;
      }
      throw e;
    }
  }

  private static void open(
      AuditOptions options, AuditedModel model, ImageShape shape, List<Embedder> embedders)
      throws IOException {
    if (BuiltInEmbedder.fits(shape)) {
      embedders.add(BuiltInEmbedder.open());
    }
    for (EmbedderSpec spec : options.embedders()) {
      embedders.add(OnnxEmbedder.open(spec, shape, model.sampler().device()));
    }
  }

  private static AuditDisplay display(Terminal terminal) {
    return (what, unit) -> {
      ProgressDisplay display = terminal.progress(what, unit);
      return new AuditDisplay.Stage() {
        @Override
        public void show(long done, long total) {
          display.show(done, total);
        }

        @Override
        public void close() {
          display.close();
        }
      };
    };
  }
}
