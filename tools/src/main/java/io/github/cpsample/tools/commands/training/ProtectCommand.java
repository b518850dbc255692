package io.github.cpsample.tools.commands.training;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.bundle.SamplerSpec;
import io.github.cpsample.diffusers.DenoiserOptions;
import io.github.cpsample.diffusers.DetectedDenoiser;
import io.github.cpsample.diffusers.ThirdPartyDenoiser;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.onnx.ExternalData;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandSpec;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.cli.UsageException;
import io.github.cpsample.tools.commands.shared.DataOptions;
import io.github.cpsample.tools.commands.shared.DenoiserText;
import io.github.cpsample.tools.commands.shared.ProtectionOptions;
import io.github.cpsample.tools.commands.shared.SamplingOptions;
import io.github.cpsample.tools.training.RunSecrets;
import io.github.cpsample.trainer.export.BundleExporter;
import io.github.cpsample.trainer.export.TrialBundle;
import io.github.cpsample.trainer.training.ClassifierRun;
import io.github.cpsample.trainer.training.ClassifierSettings;
import io.github.cpsample.trainer.training.ClassifierTraining;
import io.github.cpsample.trainer.training.DenoisedStates;
import io.github.cpsample.trainer.training.Exposure;
import io.github.cpsample.trainer.training.Trained;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code cpsample protect}: makes a protected model of a denoiser that somebody else trained. */
public final class ProtectCommand implements Command {

  private static final Opt<Path> DENOISER =
      Opt.path(
              "denoiser",
              "PATH",
              "the denoiser: a folder as diffusers and Optimum write it, or an .onnx file")
          .required();
  private static final Opt<String> DATA =
      Opt.text(
          "data", "PATH", "the images it was trained on: a folder, or tar, IDX or CIFAR-10 files");
  private static final Opt<Path> OUT =
      Opt.path(
          "out",
          "DIR|FILE",
          "folder of the bundle, or a file that ends in .zip; required unless --dry-run");
  private static final Opt<Path> RUN =
      Opt.path(
          "run",
          "DIR",
          "folder of the classifier's training, which is resumed; default: OUT with .run behind"
              + " it");
  private static final Opt<String> NAME =
      Opt.of("name", "NAME", "name of the model; default: the bundle's", ExportCommand::name);
  private static final Opt<Integer> SAMPLER_STEPS =
      Opt.integer("sampler-steps", "steps of the sampler unless a request says otherwise", 1)
          .or(50);
  private static final Opt<Boolean> DRY_RUN =
      Opt.flag(
          "dry-run",
          "only print what was detected of the denoiser and, with --data, whether it predicts the"
              + " noise of these images");
  private static final int CHECKED = 4;
  private static final double CHECKED_SCALE = 2;

  /** The command; it has no state. */
  public ProtectCommand() {}

  @Override
  public CommandSpec spec() {
    List<Opt<?>> options =
        new ArrayList<>(
            List.of(
                DENOISER,
                DATA,
                DataOptions.LIMIT,
                ClassifierOptions.HELDOUT,
                OUT,
                RUN,
                NAME,
                DRY_RUN,
                NoiseTrial.OFF));
    options.addAll(DenoiserArguments.ALL);
    options.add(TrainingOptions.FLIPS);
    options.addAll(ClassifierOptions.OF_TRAINING);
    options.add(SAMPLER_STEPS);
    options.addAll(ProtectionOptions.OF_NEW_MODEL);
    options.add(SamplingOptions.DEVICE);
    return new CommandSpec(
        "protect",
        "Protect a diffusion model that somebody else trained",
        "",
        "Opens the denoiser, detects what its tensors are and tries it on noised images, trains a"
            + " classifier on the images it must not reproduce, writes both as a bundle and samples"
            + " a few images from it. The denoiser is not changed. When it is interrupted, the same"
            + " command goes on where it stopped.\n"
            + "Keep the bundle and the run folder where the training data is kept: the classifier"
            + " tells training images from others.",
        options,
        "cpsample protect --denoiser models/ddpm-church --data photos --out church");
  }

  @Override
  public Action prepare(Arguments arguments) {
    Path denoiser = arguments.get(DENOISER);
    DenoiserOptions options = DenoiserArguments.read(arguments);
    Device device = Device.parse(arguments.get(SamplingOptions.DEVICE));
    if (arguments.has(DRY_RUN)) {
      return terminal -> tryOut(denoiser, options, arguments, ResolvedDevice.of(device), terminal);
    }
    Path out = arguments.get(OUT);
    requireData(arguments);
    name(arguments, out);
    ClassifierOptions.Length.of(arguments);
    ProtectionOptions.check(arguments);
    ClassifierOptions.check(arguments);
    return terminal -> {
      ResolvedDevice resolved = ResolvedDevice.of(device);
      ThirdPartyDenoiser opened = open(denoiser, options, resolved, terminal);
      requireTarget(opened, out);
      requireImages(opened, arguments);
      sampler(opened, arguments);
      Optional<ThirdPartyDenoiser> fallback = fallback(opened, options, arguments, resolved);
      NoiseTrial.run(opened, PartsTrial.run(opened, resolved), arguments, resolved, terminal);
      protect(opened, fallback, arguments, resolved, terminal);
    };
  }

  private static void requireData(Arguments arguments) {
    if (arguments.find(DATA).isEmpty()) {
      throw new UsageException(
          "--data: the images that the denoiser was trained on are missing; no file of the denoiser"
              + " has them, and the classifier is trained on them. Give their folder, for instance"
              + " --data photos, or look at the denoiser alone with --dry-run");
    }
  }

  private static void tryOut(
      Path denoiser,
      DenoiserOptions options,
      Arguments arguments,
      ResolvedDevice device,
      Terminal terminal)
      throws IOException {
    ThirdPartyDenoiser opened = open(denoiser, options, device, terminal);
    if (arguments.find(DATA).isPresent()) {
      NoiseTrial.run(opened, PartsTrial.run(opened, device), arguments, device, terminal);
    } else {
      terminal
          .out()
          .println(
              "not tried on images: with --data, --dry-run also tells whether schedule and"
                  + " prediction type are right");
    }
  }

  /** Prints what was detected, before it asks for what was not. */
  private static ThirdPartyDenoiser open(
      Path path, DenoiserOptions options, ResolvedDevice device, Terminal terminal)
      throws IOException {
    DetectedDenoiser detected = DetectedDenoiser.of(path, options);
    if (!detected.saysSchedule()) {
      DenoiserText.describe(detected).forEach(terminal.out()::println);
    }
    ThirdPartyDenoiser opened = detected.open(device);
    DenoiserText.describe(opened).forEach(terminal.out()::println);
    return opened;
  }

  /** The denoiser that goes on with what is guarded, which fits the one that it stands in for. */
  private static Optional<ThirdPartyDenoiser> fallback(
      ThirdPartyDenoiser denoiser,
      DenoiserOptions options,
      Arguments arguments,
      ResolvedDevice device)
      throws IOException {
    Optional<Path> path = arguments.find(ProtectionOptions.FALLBACK);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    ThirdPartyDenoiser found = DetectedDenoiser.of(path.get(), options).open(device);
    requireFit("image shape", denoiser.shape(), found.shape());
    requireFit(
        "tensors and prediction type",
        List.of(denoiser.spec().signature(), denoiser.spec().predictionType()),
        List.of(found.spec().signature(), found.spec().predictionType()));
    requireFit(
        "schedule",
        denoiser.scheduler().effectiveSchedule(),
        found.scheduler().effectiveSchedule());
    ExternalData.requireEmbeddable(found.files().model());
    return Optional.of(found);
  }

  private static void requireFit(String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new IllegalArgumentException(
          "--"
              + ProtectionOptions.FALLBACK.name()
              + ": expected the denoiser's "
              + what
              + " "
              + expected
              + ", found "
              + found
              + "; only a denoiser of the same tensors and noise can go on with its images");
    }
  }

  private static void protect(
      ThirdPartyDenoiser denoiser,
      Optional<ThirdPartyDenoiser> fallback,
      Arguments arguments,
      ResolvedDevice device,
      Terminal terminal)
      throws IOException, InterruptedException {
    Path out = arguments.get(OUT);
    Path run = arguments.find(RUN).orElse(out.resolveSibling(out.getFileName() + ".run"));
    ClassifierOptions.TrainingData seen =
        denoiser.parts().autoencoder().isPresent()
            ? new LatentData(denoiser.parts(), denoiser.shape(), run, device)
            : ClassifierOptions.TrainingData.pixels(denoiser.shape());
    SamplerSpec sampler = sampler(denoiser, arguments);
    train(denoiser, seen, arguments, run, device, terminal);
    Trained<ClassifierRun> classifier = ClassifierTraining.read(run);
    RunSecrets.Fingerprint data = RunSecrets.fingerprint(run);
    BundleExporter.Description description =
        new BundleExporter.Description(
            name(arguments, out),
            ProtectionOptions.ofNewModel(arguments, classifier.run().settings()),
            sampler,
            data.salt(),
            data.hex());
    if (arguments.has(ProtectionOptions.ALPHA)) {
      description = description.withChosenAlpha();
    }
    if (fallback.isPresent()) {
      description = description.withFallback(OnnxCodec.read(fallback.get().files().model()));
    }
    Manifest manifest =
        BundleExporter.export(
            denoiser, classifier, description, out, bundle -> check(bundle, device, terminal));
    ExportCommand.print(manifest, out, terminal);
  }

  private static void train(
      ThirdPartyDenoiser denoiser,
      ClassifierOptions.TrainingData seen,
      Arguments arguments,
      Path run,
      ResolvedDevice device,
      Terminal terminal)
      throws IOException, InterruptedException {
    ClassifierOptions.Guarded guarded =
        new ClassifierOptions.Guarded(
            denoiser.scheduler().effectiveSchedule(),
            denoiser.shape(),
            arguments.has(TrainingOptions.FLIPS),
            true);
    ClassifierSettings settings = ClassifierOptions.settings(arguments, guarded);
    if (!settings.exposure().isSome()) {
      ClassifierOptions.train(
          ClassifierOptions.Task.of(settings, seen, arguments), Optional.empty(), run, terminal);
      return;
    }
    try (TrialBundle trial = TrialBundle.of(denoiser, settings.network(), device)) {
      DenoisedStates states = trial.states();
      PoolEstimate.of(settings, states, arguments.has(ClassifierOptions.STRANGERS))
          .ifPresent(terminal.out()::println);
      ClassifierOptions.train(
          ClassifierOptions.Task.of(settings, seen, arguments), Optional.of(states), run, terminal);
    }
  }

  private static SamplerSpec sampler(ThirdPartyDenoiser denoiser, Arguments arguments) {
    int timesteps = denoiser.scheduler().schedule().trainTimesteps();
    return denoiser.sampler(Math.min(arguments.get(SAMPLER_STEPS), timesteps));
  }

  /** Refuses a place where the bundle could not be written, before hours of training. */
  private static void requireTarget(ThirdPartyDenoiser denoiser, Path out) {
    BundleWriter.requireReplaceable(out);
    if (BundleWriter.isZip(out) && !denoiser.dataFiles().isEmpty()) {
      throw new IllegalArgumentException(
          "--out: expected a folder, since the denoiser's constants are in files of their own ("
              + String.join(", ", denoiser.dataFiles().keySet())
              + "), found the zip file "
              + out);
    }
  }

  private static String name(Arguments arguments, Path out) {
    Optional<String> given = arguments.find(NAME);
    String file = String.valueOf(out.getFileName());
    String plain = file.endsWith(".zip") ? file.substring(0, file.length() - 4) : file;
    try {
      return given.isPresent() ? given.get() : ExportCommand.name(plain);
    } catch (UsageException e) {
      UsageException wrong =
          new UsageException(
              "--name: expected one, since that of --out cannot be used: " + e.getMessage());
      wrong.initCause(e);
      throw wrong;
    }
  }

  private static void requireImages(ThirdPartyDenoiser denoiser, Arguments arguments) {
    if (denoiser.parts().autoencoder().isPresent() && arguments.has(TrainingOptions.FLIPS)) {
      throw new IllegalArgumentException(
          "--"
              + TrainingOptions.FLIPS.name()
              + ": expected none for a latent model, since a mirrored latent is no latent of the"
              + " mirrored image; add the mirrored images to the data instead");
    }
    int channels = denoiser.parts().image(denoiser.shape()).channels();
    Checks.argument(
        channels == 1 || channels == 3,
        "denoiser " + denoiser.files().model(),
        "images of 1 channel (grey) or 3 (colour)",
        denoiser.shape());
  }

  /** Samples a few images from the bundle before it gets its name. */
  private static void check(Path whole, ResolvedDevice device, Terminal terminal) {
    try (ModelBundle bundle = ModelBundle.open(whole);
        ProtectedSampler sampler =
            ProtectedSampler.open(
                bundle, device, io.github.cpsample.inference.SessionSettings.defaults())) {
      SampleRequest request = SampleRequest.of(CHECKED);
      if (bundle.manifest().denoiser().classes() > 0) {
        request = request.withClassLabel(0);
      }
      if (bundle.manifest().pipeline().nullClass().isPresent()) {
        request = request.withGuidanceScale(CHECKED_SCALE);
      }
      if (bundle.manifest().pipeline().text().isPresent()) {
        request = request.withPrompt("");
      }
      SampleResult result = sampler.sample(request, Progress.none());
      terminal
          .out()
          .printf(
              Locale.ROOT,
              "checked: %d images sampled, %d of them guarded, %.3f s per image on %s%n",
              CHECKED,
              result.totals().imagesGuarded(),
              result.totals().seconds() / CHECKED,
              result.totals().device());
    }
  }

  /**
   * How long a denoiser needs to make what its classifier is taught with, measured on one batch.
   */
  private static final class PoolEstimate {

    private static final int BATCH = 4;
    private static final int STEPS_PER_SAMPLE = 50;
    private static final double SECONDS_WORTH_A_LINE = 60;

    private PoolEstimate() {}

    /**
     * A line that says it.
     *
     * @param settings what is trained
     * @param denoiser is run on one batch, twice
     * @param given whether strangers are given, so that no samples are needed for them
     * @return empty where it takes less than a minute
     */
    static Optional<String> of(
        ClassifierSettings settings, DenoisedStates denoiser, boolean given) {
      double seconds = rows(settings, given) * secondsPerRow(denoiser);
      return seconds < SECONDS_WORTH_A_LINE
          ? Optional.empty()
          : Optional.of(
              String.format(
                  Locale.ROOT,
                  "the denoiser first makes what the classifier is taught with, which takes it about"
                      + " %.0f minutes once: --trajectories and --states make it fewer%s",
                  seconds / 60,
                  given ? "" : ", --stranger-samples too, and --strangers needs no samples"));
    }

    /** How many images pass through the denoiser. */
    static long rows(ClassifierSettings settings, boolean given) {
      Exposure.Pool pool = settings.exposure().pool();
      int steps = Math.min(STEPS_PER_SAMPLE, settings.schedule().trainTimesteps());
      long sampled = (long) pool.trajectories() + (given ? 0 : pool.samples());
      return steps * sampled + (settings.asks() == Subject.X_0 ? pool.states() : 0);
    }

    private static double secondsPerRow(DenoisedStates denoiser) {
      float[] noised = new float[BATCH * denoiser.shape().size()];
      int timestep = denoiser.schedule().trainTimesteps() / 2;
      denoiser.denoise(noised, BATCH, timestep);
      long start = System.nanoTime();
      denoiser.denoise(noised, BATCH, timestep);
      return (System.nanoTime() - start) / 1e9 / BATCH;
    }
  }
}
