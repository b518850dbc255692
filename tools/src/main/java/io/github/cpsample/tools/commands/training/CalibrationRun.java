package io.github.cpsample.tools.commands.training;

import io.github.cpsample.bundle.CalibrationEvidence;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.evaluation.calibration.Calibration.Outcome;
import io.github.cpsample.evaluation.calibration.CalibrationProgress;
import io.github.cpsample.evaluation.calibration.Candidate;
import io.github.cpsample.evaluation.calibration.ClassifierVariants;
import io.github.cpsample.evaluation.calibration.ModelCalibration;
import io.github.cpsample.evaluation.quality.Embedder;
import io.github.cpsample.evaluation.quality.EmbedderSpec;
import io.github.cpsample.evaluation.quality.OnnxEmbedder;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.ProgressDisplay;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.commands.shared.ConditionOptions;
import io.github.cpsample.tools.commands.shared.DataOptions;
import io.github.cpsample.tools.commands.shared.SamplingOptions;
import io.github.cpsample.tools.training.BuiltInEmbedder;
import io.github.cpsample.tools.training.TrainingImages;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.InMemoryImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A calibration as the command line asks for it. */
final class CalibrationRun {

  static final List<Opt<?>> CONDITIONS =
      List.of(
          ConditionOptions.LABEL,
          ConditionOptions.PROMPT,
          ConditionOptions.NEGATIVE_PROMPT,
          ConditionOptions.GUIDANCE_SCALE,
          ConditionOptions.GUIDANCE_RESCALE,
          ConditionOptions.NULL_CLASS);

  private CalibrationRun() {}

  /** What was found, and what the manifest says of it where a setting was chosen. */
  record Findings(Outcome outcome, Optional<CalibrationEvidence> evidence) {}

  /** Compares and confirms. */
  static Findings measure(
      Manifest manifest,
      ClassifierVariants variants,
      Arguments arguments,
      TrainingImages training,
      Path work,
      Terminal terminal)
      throws IOException, InterruptedException {
    int steps = arguments.find(SamplingOptions.STEPS).orElse(manifest.sampler().steps());
    List<Candidate> candidates =
        CalibrateOptions.candidates(
            arguments,
            manifest,
            variants.bits().stream().map(it -> variants.bundle(it).manifest()).toList(),
            steps);
    ImageShape shape = manifest.image();
    float[][] members;
    float[][] others;
    TrainingImages heldOut =
        new TrainingImages(arguments.get(CalibrateCommand.HOLDOUT), OptionalInt.empty());
    try (ImageDataset images = training.openTraining(shape);
        ImageDataset rest = heldOut.openHeldOut(shape)) {
      members = InMemoryImages.load(images, DataOptions.reportBroken(terminal)).rows();
      others = InMemoryImages.load(rest, DataOptions.reportBroken(terminal)).rows();
    }
    try (CalibrationEmbedder embedder = CalibrationEmbedder.open(arguments, shape);
        CalibrationDisplay display = new CalibrationDisplay(terminal)) {
      ModelCalibration calibration =
          new ModelCalibration(
              manifest,
              variants,
              sampling(arguments, steps),
              CalibrateOptions.plan(arguments),
              embedder.embedder());
      Outcome outcome = calibration.measure(work, candidates, members, others, display);
      return new Findings(
          outcome,
          outcome.chosen().isPresent()
              ? Optional.of(calibration.evidence(outcome))
              : Optional.empty());
    }
  }

  private static ModelCalibration.Sampling sampling(Arguments arguments, int steps) {
    String condition =
        CONDITIONS.stream()
            .filter(arguments::has)
            .map(option -> option.name() + " " + arguments.get(option))
            .collect(Collectors.joining(", "));
    return new ModelCalibration.Sampling(
        steps,
        condition,
        request -> ConditionOptions.apply(arguments, request),
        arguments.get(SamplingOptions.DEVICE));
  }

  /** Shows how far a calibration is: a line for every stage, and a display of its images. */
  private static final class CalibrationDisplay implements CalibrationProgress, AutoCloseable {

    private final Terminal terminal;
    private @Nullable ProgressDisplay display;

    CalibrationDisplay(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public void resumed(int finishedBatches) {
      if (finishedBatches > 0) {
        terminal.err().println("going on: " + finishedBatches + " batches are finished");
      }
    }

    @Override
    public void stage(String text) {
      close();
      terminal.err().println(text);
    }

    @Override
    public void images(long done, long atMost) {
      if (display == null) {
        display = terminal.progress("sampling", "images");
      }
      display.show(done, atMost);
    }

    @Override
    public void close() {
      if (display != null) {
        display.close();
        display = null;
      }
    }
  }

  /**
   * In what a calibration compares quality; open.
   *
   * @param embedder empty for pixels alone
   */
  record CalibrationEmbedder(Optional<Embedder> embedder) implements AutoCloseable {

    static final Opt<EmbedderSpec> EMBEDDER =
        Opt.of(
            "embedder",
            EmbedderSpec.SYNTAX,
            "an ONNX file in whose features, at most 512, quality is compared besides pixels;"
                + " default: the built-in embedder for 1x28x28, none for other images",
            EmbedderSpec::parse);

    /** Intervals of Frechet distances take hundreds of decompositions of this size. */
    private static final int MOST_FEATURES = 512;

    static CalibrationEmbedder open(Arguments arguments, ImageShape shape) throws IOException {
      Optional<EmbedderSpec> spec = arguments.find(EMBEDDER);
      if (spec.isPresent()) {
        Device device = Device.parse(arguments.get(SamplingOptions.DEVICE));
        Embedder opened = OnnxEmbedder.open(spec.get(), shape, ResolvedDevice.of(device));
        if (opened.dimension() > MOST_FEATURES) {
          opened.close();
          throw new IllegalArgumentException(
              "--embedder: expected at most "
                  + MOST_FEATURES
                  + " features, found "
                  + opened.dimension()
                  + "; measure quality in them with 'cpsample audit' afterwards");
        }
        return new CalibrationEmbedder(Optional.of(opened));
      }
      return new CalibrationEmbedder(
          BuiltInEmbedder.fits(shape) ? Optional.of(BuiltInEmbedder.open()) : Optional.empty());
    }

    @Override
    public void close() {
      embedder.ifPresent(Embedder::close);
    }
  }
}
