package io.github.cpsample.sampling;

import io.github.cpsample.bundle.DenoiserSignature;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.composition.StepTable;
import io.github.cpsample.denoiser.Conditions;
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
import java.util.OptionalDouble;

/**
 * From noise to images, one batch after the other, with buffers that are made once per request.
 * Belongs to one thread.
 */
final class Trajectory {
  private final SampleSettings settings;
  private final Sampler sampler;
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
    this.sampler = settings.plan(schedule, manifest.denoiser());
    this.shape = manifest.image();
    this.outcome = new StepOutcome(settings.batchSize());
    this.state = new SamplerState(settings.batchSize(), shape.size(), sampler.memory());
    this.runner =
        StepPlan.isOneGraph(networks, manifest, settings)
            ? fusedSteps(networks, manifest)
            : separateSteps(networks, manifest);
  }

  private StepRunner fusedSteps(Networks networks, Manifest manifest) {
    OptionalDouble clip = settings.clipSample() ? OptionalDouble.of(1) : OptionalDouble.empty();
    StepTable table = StepTable.of(sampler.steps(), manifest.denoiser().predictionType(), clip);
    return new FusedSteps(
        networks.step().get().orElseThrow(), settings, shape, sampler.steps(), table, state);
  }

  private StepRunner separateSteps(Networks networks, Manifest manifest) {
    int rows = settings.batchSize();
    OnnxDenoiser denoiser =
        new OnnxDenoiser(
            networks.denoiser(),
            manifest.denoiser(),
            shape,
            conditions(manifest.denoiser().signature(), rows),
            rows);
    GuardedClassifier classifier =
        settings.guarded()
            ? new GuardedClassifier(
                networks, manifest.classifier(), shape, settings.protection(), rows)
            : null;
    return new SeparateSteps(denoiser, classifier, settings.protection(), state);
  }

  private Conditions conditions(DenoiserSignature signature, int rows) {
    return settings.classLabel().isPresent()
        ? Conditions.ofLabel(signature, settings.classLabel().getAsInt(), rows)
        : Conditions.none();
  }

  Counts counts() {
    return counts;
  }

  /** The number of calls of the denoiser per batch. */
  int steps() {
    return sampler.steps().size();
  }

  /** Samples one batch and appends its images and reports. */
  void run(
      int firstImage, int count, Pace pace, List<FloatImage> images, List<ImageReport> reports) {
    List<ImageNoise> noise = new ArrayList<>(count);
    List<Row> records = new ArrayList<>(count);
    for (int row = 0; row < count; row++) {
      noise.add(settings.noise().open(settings.seed() + firstImage + row));
      records.add(new Row());
      noise.get(row).initial().fill(state.x(), row * shape.size(), shape.size());
      sampler.begin(state, row);
    }
    for (int step = 0; step < sampler.steps().size(); step++) {
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
              sampler.steps().size(),
              done.guardedSteps,
              settings.traced() && settings.guarded()
                  ? Optional.of(done.certainties)
                  : Optional.empty()));
    }
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
