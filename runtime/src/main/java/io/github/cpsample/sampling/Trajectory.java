package io.github.cpsample.sampling;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.composition.StepTable;
import io.github.cpsample.conditioning.ConditionedDenoiser;
import io.github.cpsample.denoiser.Denoiser;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.PredictionType;
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
  private final Itinerary itinerary;
  private final ImageShape shape;
  private final SamplerState state;
  private final Optional<KnownRegion> known;
  private final Beginning beginning;
  private final StepRunner runner;
  private final StepOutcome outcome;
  private final Optional<Watch> watch;
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

  /** Somebody who watches, and what is shown. */
  private record Watch(StepObserver observer, ObservedStep step) {}

  /** What happened to one image of the batch. */
  private static final class Row {
    private int guardedSteps;
    private final List<Double> certainties = new ArrayList<>();
  }

  Trajectory(
      Networks networks,
      PipelineParts parts,
      Manifest manifest,
      NoiseSchedule schedule,
      SampleSettings settings,
      Optional<StepObserver> observer) {
    this.settings = settings;
    this.sampler = settings.plan(schedule, manifest.denoiser());
    SampleOrigin origin = settings.origin();
    origin.inpainting().ifPresent(it -> it.requireSound(sampler));
    this.itinerary = settings.itinerary(sampler);
    SizeCheck.require(networks, manifest, settings);
    this.shape = settings.image();
    this.outcome = new StepOutcome(settings.batchSize());
    this.state = new SamplerState(settings.batchSize(), shape.size(), sampler.memory());
    this.known =
        origin
            .inpainting()
            .map(parts::sampled)
            .map(it -> new KnownRegion(it, shape, state, !sampler.memory().spansSteps()));
    this.beginning = new Beginning(settings, parts, sampler, itinerary.step(0), state, known);
    PredictionType type = manifest.denoiser().predictionType();
    this.watch =
        observer.map(it -> new Watch(it, new ObservedStep(settings, type, state, outcome)));
    this.runner =
        StepPlan.isOneGraph(networks, manifest, settings, observer.isPresent())
            ? fusedSteps(networks, manifest)
            : separateSteps(networks, parts.conditioned(settings), manifest);
  }

  private StepRunner fusedSteps(Networks networks, Manifest manifest) {
    OptionalDouble clip = settings.clipSample() ? OptionalDouble.of(1) : OptionalDouble.empty();
    StepTable table = StepTable.of(sampler.steps(), manifest.denoiser().predictionType(), clip);
    return new FusedSteps(
        networks.step().get().orElseThrow(), settings, shape, sampler.steps(), table, state);
  }

  private StepRunner separateSteps(
      Networks networks, ConditionedDenoiser conditioned, Manifest manifest) {
    int rows = settings.batchSize();
    Denoiser denoiser =
        conditioned.create(networks.denoiser(), shape, rows, sampler.memory().variances());
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
    return itinerary.length();
  }

  /** Samples one batch and appends its images and reports. */
  void run(
      int firstImage, int count, Pace pace, List<FloatImage> images, List<ImageReport> reports) {
    List<ImageNoise> noise = new ArrayList<>(count);
    List<Row> records = new ArrayList<>(count);
    for (int row = 0; row < count; row++) {
      noise.add(settings.noise().open(settings.seedOf(firstImage + row)));
      records.add(new Row());
      beginning.begin(row, firstImage + row, noise.get(row));
    }
    for (int visit = 0; visit < itinerary.length(); visit++) {
      pace.beforeStep();
      prepare(visit, firstImage, noise);
      if (watch.isPresent()) {
        watch.get().step().begin(firstImage, count, visit, step(visit));
      }
      try {
        advance(step(visit), noise, records);
      } catch (NonFiniteException e) {
        throw failure(visit, firstImage, e);
      }
      watch.ifPresent(it -> it.observer().afterStep(it.step()));
      pace.afterStep();
    }
    for (int row = 0; row < count; row++) {
      Row done = records.get(row);
      images.add(FloatImage.copyOf(shape, state.x(), row * shape.size()));
      reports.add(
          new ImageReport(
              settings.seedOf(firstImage + row),
              steps(),
              done.guardedSteps,
              settings.traced() && settings.guarded()
                  ? Optional.of(done.certainties)
                  : Optional.empty()));
    }
  }

  private SamplerStep step(int visit) {
    return sampler.steps().get(itinerary.step(visit));
  }

  /** Takes x to where the next step expects it, if it is not there already. */
  private void prepare(int visit, int firstImage, List<ImageNoise> noise) {
    double abar = step(visit).alphasCumprod();
    for (int row = 0; row < noise.size(); row++) {
      if (itinerary.returns(visit)) {
        double reached = sampler.steps().get(itinerary.step(visit - 1) + 1).alphasCumprod();
        noise.get(row).steps().fill(state.noise(), state.offset(row), shape.size());
        state.addNoise(row, abar / reached);
        state.forget(row);
      }
      if (known.isPresent()) {
        known.get().compose(row, firstImage + row, abar, noise.get(row).steps());
      }
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

  private InferenceException failure(int visit, int firstImage, NonFiniteException e) {
    return new InferenceException(
        "step "
            + (visit + 1)
            + " of "
            + itinerary.length()
            + " (timestep "
            + step(visit).timestep()
            + "), image with seed "
            + settings.seedOf(firstImage + e.row())
            + ": expected finite numbers, found "
            + e.value()
            + " in the "
            + e.what(),
        e);
  }
}
