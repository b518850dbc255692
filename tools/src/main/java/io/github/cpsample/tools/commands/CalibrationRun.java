package io.github.cpsample.tools.commands;

import io.github.cpsample.bundle.CalibrationBounds;
import io.github.cpsample.bundle.CalibrationEvidence;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.bundle.SamplerSpec;
import io.github.cpsample.evaluation.calibration.Calibration;
import io.github.cpsample.evaluation.calibration.Calibration.Outcome;
import io.github.cpsample.evaluation.calibration.CalibrationFolder;
import io.github.cpsample.evaluation.calibration.CalibrationPlan;
import io.github.cpsample.evaluation.calibration.Candidate;
import io.github.cpsample.evaluation.calibration.HeldOutHalves;
import io.github.cpsample.evaluation.calibration.Part;
import io.github.cpsample.evaluation.calibration.SamplingLaboratory;
import io.github.cpsample.evaluation.quality.FeatureExtractor;
import io.github.cpsample.evaluation.similarity.ReplicaFinder;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.similarity.ReplicaRule;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.training.TrainingImages;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.InMemoryImages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A calibration of one model: what it compares, and what is said about it afterwards. */
final class CalibrationRun {

  static final List<Opt<?>> CONDITIONS =
      List.of(
          ConditionOptions.LABEL,
          ConditionOptions.PROMPT,
          ConditionOptions.NEGATIVE_PROMPT,
          ConditionOptions.GUIDANCE_SCALE,
          ConditionOptions.GUIDANCE_RESCALE,
          ConditionOptions.NULL_CLASS);

  private static final ReplicaRule RULE = ReplicaRule.STANDARD;

  private final Manifest manifest;
  private final Contenders contenders;
  private final Arguments arguments;
  private final TrainingImages training;
  private final CalibrationPlan plan;
  private final int steps;
  private int tuningHeldOut;
  private String features;

  CalibrationRun(
      ModelBundle model, Contenders contenders, Arguments arguments, TrainingImages training) {
    this.manifest = model.manifest();
    this.contenders = contenders;
    this.arguments = arguments;
    this.training = training;
    this.plan = CalibrateOptions.plan(arguments);
    this.steps = arguments.find(SamplingOptions.STEPS).orElse(manifest.sampler().steps());
  }

  /** What was asked for. */
  CalibrationBounds bounds() {
    return plan.bounds();
  }

  /** Compares and confirms. */
  Outcome measure(Path work, Terminal terminal) throws IOException, InterruptedException {
    List<Candidate> candidates =
        CalibrateOptions.candidates(
            arguments,
            manifest,
            contenders.bits().stream().map(it -> contenders.bundle(it).manifest()).toList(),
            steps);
    ImageShape shape = manifest.image();
    float[][] members;
    float[][] others;
    TrainingImages heldOut =
        new TrainingImages(arguments.get(CalibrateCommand.HOLDOUT), OptionalInt.empty());
    try (ImageDataset images = training.openTraining(shape);
        ImageDataset rest = heldOut.openHeldOut(shape)) {
      members = InMemoryImages.load(images, TrainingOptions.reportBroken(terminal)).rows();
      others = InMemoryImages.load(rest, TrainingOptions.reportBroken(terminal)).rows();
    }
    try (CalibrationEmbedder embedder = CalibrationEmbedder.open(arguments, shape)) {
      features = embedder.description();
      return measure(work, candidates, members, others, embedder.features(), terminal);
    }
  }

  private Outcome measure(
      Path work,
      List<Candidate> candidates,
      float[][] members,
      float[][] others,
      Optional<FeatureExtractor> embedder,
      Terminal terminal)
      throws IOException, InterruptedException {
    try (CalibrationFolder folder =
            CalibrationFolder.open(work, settings(candidates, members, others));
        CalibrationDisplay display = new CalibrationDisplay(terminal, folder)) {
      HeldOutHalves halves = HeldOutHalves.split(members, others, embedder, plan.seed());
      tuningHeldOut = halves.size(Part.TUNING);
      SamplingLaboratory laboratory =
          new SamplingLaboratory(
              contenders.samplers(),
              this::request,
              new ReplicaFinder(RULE, members),
              halves,
              embedder);
      laboratory.warmUp(candidates.get(0), plan.batch());
      return new Calibration(folder.recording(laboratory), halves, plan, display).run(candidates);
    }
  }

  private SampleRequest request(int count) {
    return ConditionOptions.apply(arguments, SampleRequest.of(count).steps(steps));
  }

  /** What the manifest says of the choice. */
  CalibrationEvidence evidence(Outcome outcome) {
    Calibration.Attempt chosen = outcome.chosen().orElseThrow();
    SamplerSpec sampler = manifest.sampler();
    return new CalibrationEvidence(
        LocalDate.now(ZoneOffset.UTC).toString(),
        version(),
        new SamplerSpec(
            sampler.kind(),
            steps,
            sampler.eta(),
            sampler.timestepSpacing(),
            sampler.clipSample(),
            sampler.scheduler()),
        condition(),
        features,
        RULE.describe(),
        plan.bounds(),
        chosen.candidate().settings(),
        plan.seed(),
        plan.tuningImages(),
        tuningHeldOut,
        chosen.measured().orElseThrow(),
        outcome.curve());
  }

  private static String version() {
    return Optional.ofNullable(CalibrationRun.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  private String condition() {
    String given =
        CONDITIONS.stream()
            .filter(arguments::has)
            .map(option -> option.name() + " " + arguments.get(option))
            .collect(Collectors.joining(", "));
    return given.isEmpty() ? "none" : given;
  }

  /** Everything that a result depends on. */
  private Map<String, String> settings(
      List<Candidate> candidates, float[][] members, float[][] others) {
    Map<String, String> settings = new TreeMap<>();
    for (int bits : contenders.bits()) {
      settings.put(
          "model with " + bits + " bits",
          contenders.bundle(bits).manifest().files().values().stream()
              .map(file -> file.sha256())
              .collect(Collectors.joining(" ")));
    }
    settings.put("sampler", manifest.sampler() + ", steps " + steps);
    settings.put("condition", condition());
    settings.put("--embedder", features);
    settings.put("device", arguments.get(SamplingOptions.DEVICE));
    settings.put("--train", members.length + " images " + digest(members));
    settings.put("--holdout", others.length + " images " + digest(others));
    settings.put("bounds", plan.bounds().toString());
    settings.put("--seed", Long.toString(plan.seed()));
    settings.put("--batch", Integer.toString(plan.batch()));
    settings.put("--first-count", Integer.toString(plan.firstImages()));
    settings.put("--tuning-count", Integer.toString(plan.tuningImages()));
    settings.put("--finalists", Integer.toString(plan.finalists()));
    settings.put("--count", Integer.toString(plan.count()));
    settings.put("--tries", Integer.toString(plan.tries()));
    settings.put(
        "settings that are tried",
        candidates.stream().map(Candidate::text).collect(Collectors.joining("; ")));
    return settings;
  }

  private static String digest(float[][] rows) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (float[] row : rows) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * row.length);
        bytes.asFloatBuffer().put(row);
        digest.update(bytes);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
