package io.github.cpsample.sampling;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.denoiser.OnnxDenoiser;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.diffusion.SamplerStep;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.random.ImageNoise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * From noise to images, one batch after the other, with buffers that are made once per request.
 * Belongs to one thread.
 */
final class Trajectory {
  private final SampleSettings settings;
  private final Sampler sampler;
  private final int firstStep;
  private final ImageShape shape;
  private final SamplerState state;
  private final StepRunner runner;
  private final StepOutcome outcome;
  private final Counts counts = new Counts();

  /** Calls and rows so far. */
  static final class Counts {
    private long denoiserCalls;
    private long classifierRows;
    private long gradientRows;

    long denoiserCalls() {
      return denoiserCalls;
    }

    long classifierRows() {
      return classifierRows;
    }

    long gradientRows() {
      return gradientRows;
    }
  }

  /** What happened to one image of the batch. */
  private static final class Row {
    private int guardedSteps;
    private final List<Double> certainties = new ArrayList<>();
  }

  Trajectory(
      Networks networks, Manifest manifest, NoiseSchedule schedule, SampleSettings settings) {
    this.settings = settings;
    this.sampler = settings.plan(schedule, manifest.denoiser().predictionType());
    this.firstStep = sampler.firstStep(settings.origin().strength());
    this.shape = manifest.image();
    this.outcome = new StepOutcome(settings.batchSize());
    this.state = new SamplerState(settings.batchSize(), shape.size(), sampler.memory());
    this.runner = separateSteps(networks, manifest);
  }

  private StepRunner separateSteps(Networks networks, Manifest manifest) {
    int rows = settings.batchSize();
    OnnxDenoiser denoiser =
        new OnnxDenoiser(
            networks.denoiser(), manifest.denoiser(), shape, settings.classLabel(), rows);
    GuardedClassifier classifier =
        settings.guarded()
            ? new GuardedClassifier(
                networks, manifest.classifier(), shape, settings.protection(), rows)
            : null;
    return new SeparateSteps(denoiser, classifier, settings.protection(), state);
  }

  Counts counts() {
    return counts;
  }

  /** The number of calls of the denoiser per batch. */
  int steps() {
    return sampler.steps().size() - firstStep;
  }

  /** Samples one batch and appends its images and reports. */
  void run(
      int firstImage, int count, Pace pace, List<FloatImage> images, List<ImageReport> reports) {
    List<ImageNoise> noise = new ArrayList<>(count);
    List<Row> records = new ArrayList<>(count);
    for (int row = 0; row < count; row++) {
      noise.add(settings.noise().open(settings.seed() + firstImage + row));
      records.add(new Row());
      begin(row, firstImage + row, noise.get(row));
    }
    for (int step = firstStep; step < sampler.steps().size(); step++) {
      pace.beforeStep();
      try {
        advance(sampler.steps().get(step), noise, records);
      } catch (NonFiniteException e) {
        throw failure(step, firstImage, e);
      }
      pace.afterStep();
    }
    for (int row = 0; row < count; row++) {
      Row done = records.get(row);
      images.add(FloatImage.copyOf(shape, state.x(), row * shape.size()));
      reports.add(
          new ImageReport(
              settings.seed() + firstImage + row,
              steps(),
              done.guardedSteps,
              settings.traced() && settings.guarded()
                  ? Optional.of(done.certainties)
                  : Optional.empty()));
    }
  }

  private void begin(int row, int image, ImageNoise noise) {
    if (settings.origin().start().isEmpty()) {
      noise.initial().fill(state.x(), state.offset(row), shape.size());
      sampler.begin(state, row);
      return;
    }
    noise.initial().fill(state.noise(), state.offset(row), shape.size());
    settings.origin().start().get().of(image).copyTo(state.x(), state.offset(row));
    sampler.beginAt(firstStep, state, row);
  }

  private void advance(SamplerStep step, List<ImageNoise> noise, List<Row> records) {
    int count = records.size();
    if (step.usesNoise()) {
      for (int row = 0; row < count; row++) {
        noise.get(row).steps().fill(state.noise(), row * shape.size(), shape.size());
      }
    }
    runner.advance(step, count, outcome);
    counts.denoiserCalls++;
    if (outcome.asked()) {
      counts.classifierRows += count;
      for (int row = 0; row < count; row++) {
        record(records.get(row), row);
      }
    }
  }

  private void record(Row record, int row) {
    if (outcome.guarded(row)) {
      record.guardedSteps++;
      counts.gradientRows++;
    }
    if (settings.traced()) {
      record.certainties.add(outcome.certainty(row));
    }
  }

  private InferenceException failure(int step, int firstImage, NonFiniteException e) {
    return new InferenceException(
        "step "
            + (step + 1)
            + " of "
            + sampler.steps().size()
            + " (timestep "
            + sampler.steps().get(step).timestep()
            + "), image with seed "
            + (settings.seed() + firstImage + e.row())
            + ": expected finite numbers, found "
            + e.value()
            + " in the "
            + e.what(),
        e);
  }
}
