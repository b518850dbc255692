package io.github.cpsample.sampling;

import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.diffusion.SamplerStep;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.random.ImageNoise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From noise to images, one batch after the other, with buffers that are made once per request.
 * Belongs to one thread.
 *
 * <p>A step: the denoiser for the batch; in the guarded range of timesteps the classifier for the
 * batch and the gradient for the guarded rows; the sampler's step for every row.
 */
final class Trajectory {
  private final Networks networks;
  private final SampleSettings settings;
  private final Sampler sampler;
  private final DenoiserSpec denoiser;
  private final ImageShape shape;
  private final TensorBuffer xBuffer;
  private final TensorBuffer tBuffer;
  private final TensorBuffer labelBuffer;
  private final TensorBuffer predictionBuffer;
  private final GuardedClassifier classifier;
  private final SamplerState state;
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
    this.networks = networks;
    this.settings = settings;
    this.sampler = settings.plan(schedule, manifest.denoiser().predictionType());
    this.denoiser = manifest.denoiser();
    this.shape = manifest.image();
    int batch = settings.batchSize();
    this.xBuffer = TensorBuffer.floats(batch, shape.channels(), shape.height(), shape.width());
    this.predictionBuffer =
        TensorBuffer.floats(batch, shape.channels(), shape.height(), shape.width());
    this.tBuffer = TensorBuffer.floats(batch);
    this.labelBuffer = TensorBuffer.longs(batch);
    for (int i = 0; i < batch; i++) {
      labelBuffer.asLongs().put(i, settings.classLabel().orElse(0));
    }
    this.classifier =
        settings.guarded()
            ? new GuardedClassifier(
                networks, manifest.classifier(), shape, settings.protection(), batch)
            : null;
    this.state = new SamplerState(batch, shape.size(), sampler.memory());
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
    double timestep = step.timestep();
    TensorBuffer x = xBuffer.rows(count);
    TensorBuffer t = tBuffer.rows(count);
    x.asFloats().put(state.x(), 0, count * shape.size());
    for (int row = 0; row < count; row++) {
      t.asFloats().put(row, (float) timestep);
    }
    predict(x, t, count);
    boolean asked = classifier != null && settings.protection().coversTimestep(timestep);
    if (asked) {
      counts.classifierRows += count;
      counts.gradientRows += classifier.ask(x, state, t);
    }
    for (int row = 0; row < count; row++) {
      boolean guarded = asked && classifier.guards(row);
      if (asked) {
        record(records.get(row), row, guarded);
      }
      if (step.usesNoise()) {
        noise.get(row).steps().fill(state.noise(), row * shape.size(), shape.size());
      }
      step.advance(state, row, guarded);
      NonFiniteException.check("image", state.x(), row, shape.size());
    }
  }

  private void predict(TensorBuffer x, TensorBuffer t, int count) {
    Map<String, TensorBuffer> inputs = new HashMap<>();
    inputs.put(denoiser.input(), x);
    inputs.put(denoiser.timestep(), t);
    if (denoiser.classes() > 0) {
      inputs.put(DenoiserSpec.LABEL_INPUT, labelBuffer.rows(count));
    }
    TensorBuffer out = predictionBuffer.rows(count);
    networks.denoiser().run(inputs, Map.of(denoiser.output(), out));
    out.asFloats().get(state.prediction(), 0, count * shape.size());
    counts.denoiserCalls++;
    for (int row = 0; row < count; row++) {
      NonFiniteException.check("denoiser's prediction", state.prediction(), row, shape.size());
    }
  }

  private void record(Row record, int row, boolean guarded) {
    if (guarded) {
      record.guardedSteps++;
    }
    if (settings.traced()) {
      record.certainties.add(classifier.certainty(row));
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
