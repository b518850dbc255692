package io.github.cpsample.evaluation.calibration;

import io.github.cpsample.bundle.CalibrationEvidence;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.SamplerSpec;
import io.github.cpsample.evaluation.figures.ReplicaFinder;
import io.github.cpsample.evaluation.quality.Embedder;
import io.github.cpsample.evaluation.quality.FeatureExtractor;
import io.github.cpsample.evaluation.store.RowDigest;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.sampling.SampleRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A calibration of one model: compares settings, confirms the best, and says for the manifest what
 * shows it. What is measured is kept in a folder, so that the same calibration goes on where it was
 * interrupted. Belongs to one thread.
 */
public final class ModelCalibration {

  private static final ReplicaRule RULE = ReplicaRule.STANDARD;

  private final Manifest manifest;
  private final ClassifierVariants variants;
  private final Sampling sampling;
  private final CalibrationPlan plan;
  private final Optional<FeatureExtractor> extractor;
  private final String features;
  private int tuningHeldOut;

  /**
   * How images are made.
   *
   * @param steps of the sampler
   * @param condition what images are asked to show, for people; empty for nothing
   * @param applied puts the condition on a request
   * @param device where the networks run, as somebody named it
   */
  public record Sampling(
      int steps, String condition, UnaryOperator<SampleRequest> applied, String device) {

    /** The condition, in words. */
    String conditionText() {
      return condition.isEmpty() ? "none" : condition;
    }

    /** A request for some images. */
    SampleRequest request(int count) {
      return applied.apply(SampleRequest.of(count).withSteps(steps));
    }
  }

  /**
   * Prepares a calibration.
   *
   * @param manifest of the model
   * @param variants the classifiers that are compared; not owned
   * @param sampling how images are made
   * @param plan what is asked for, and how much is sampled
   * @param embedder in what quality is compared besides pixels, if in anything; not owned
   */
  public ModelCalibration(
      Manifest manifest,
      ClassifierVariants variants,
      Sampling sampling,
      CalibrationPlan plan,
      Optional<Embedder> embedder) {
    this.manifest = manifest;
    this.variants = variants;
    this.sampling = sampling;
    this.plan = plan;
    this.extractor = embedder.map(it -> it);
    this.features = embedder.map(Embedder::description).orElse("pixels alone");
  }

  /**
   * Compares and confirms.
   *
   * @param work the folder for finished batches, made where missing
   * @param candidates at least one, all different; the first is never set aside
   * @param members the training images, one per row, values in [-1, 1]
   * @param others held-out images of the same kind
   * @param progress is told how it goes
   * @return what it came to
   * @throws IOException if the folder holds another calibration or cannot be written
   * @throws InterruptedException if the thread was interrupted; the same call goes on later
   */
  public Calibration.Outcome measure(
      Path work,
      List<Candidate> candidates,
      float[][] members,
      float[][] others,
      CalibrationProgress progress)
      throws IOException, InterruptedException {
    try (CalibrationFolder folder =
        CalibrationFolder.open(work, settings(candidates, members, others))) {
      progress.resumed(folder.finishedBlocks());
      HeldOutHalves halves = HeldOutHalves.split(members, others, extractor, plan.seed());
      tuningHeldOut = halves.size(Part.TUNING);
      MeasuringSampler sampler =
          new MeasuringSampler(
              variants.samplers(),
              sampling::request,
              new ReplicaFinder(RULE, members),
              halves,
              extractor);
      sampler.warmUp(candidates.get(0), plan.batch());
      return new Calibration(folder.recording(sampler), halves, plan, progress).run(candidates);
    }
  }

  /**
   * What the manifest says of the choice.
   *
   * @param outcome of {@link #measure}, with a chosen setting
   * @return the evidence, dated today
   */
  public CalibrationEvidence evidence(Calibration.Outcome outcome) {
    Calibration.Attempt chosen = outcome.chosen().orElseThrow();
    SamplerSpec sampler = manifest.sampler();
    return new CalibrationEvidence(
        LocalDate.now(ZoneOffset.UTC).toString(),
        version(),
        new SamplerSpec(
            sampler.kind(),
            sampling.steps(),
            sampler.eta(),
            sampler.timestepSpacing(),
            sampler.clipSample(),
            sampler.scheduler()),
        sampling.conditionText(),
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
    return Optional.ofNullable(ModelCalibration.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  /** Everything that a result depends on; the names are those of the command's options. */
  private Map<String, String> settings(
      List<Candidate> candidates, float[][] members, float[][] others) {
    Map<String, String> settings = new TreeMap<>();
    for (int bits : variants.bits()) {
      settings.put(
          "model with " + bits + " bits",
          variants.bundle(bits).manifest().files().values().stream()
              .map(file -> file.sha256())
              .collect(Collectors.joining(" ")));
    }
    settings.put("sampler", manifest.sampler() + ", steps " + sampling.steps());
    settings.put("condition", sampling.conditionText());
    settings.put("--embedder", features);
    settings.put("device", sampling.device());
    settings.put("--train", members.length + " images " + RowDigest.of(members));
    settings.put("--holdout", others.length + " images " + RowDigest.of(others));
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
}
