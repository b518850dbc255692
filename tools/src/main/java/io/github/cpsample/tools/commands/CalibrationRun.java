package io.github.cpsample.tools.commands;

import io.github.cpsample.bundle.CalibrationEvidence;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.evaluation.calibration.Calibration.Outcome;
import io.github.cpsample.evaluation.calibration.Candidate;
import io.github.cpsample.evaluation.calibration.ClassifierVariants;
import io.github.cpsample.evaluation.calibration.ModelCalibration;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.training.TrainingImages;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.InMemoryImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

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
      members = InMemoryImages.load(images, TrainingOptions.reportBroken(terminal)).rows();
      others = InMemoryImages.load(rest, TrainingOptions.reportBroken(terminal)).rows();
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
}
