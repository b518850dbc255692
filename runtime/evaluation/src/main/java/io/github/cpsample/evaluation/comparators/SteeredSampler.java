package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.diffusion.SamplerConfig;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.diffusion.SamplerStep;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.sampling.NoisePredictions;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes images of a model in pixels, batch after batch, with the steps of any sampler. Belongs to
 * one thread.
 */
final class SteeredSampler {

  private final SampleSettings resolved;
  private final Sampler plan;
  private final NoisePredictions predictions;

  /**
   * @param sampler of the model; not owned
   * @param batch what a batch asks for
   * @param config the steps; learns no variance
   */
  SteeredSampler(ProtectedSampler sampler, SampleRequest batch, SamplerConfig config) {
    this.resolved = sampler.settings(batch);
    this.plan = config.create(sampler.manifest().schedule().create(), PredictionType.EPSILON);
    this.predictions = sampler.predictions(batch);
  }

  /**
   * Refuses models and training images that cannot be compared.
   *
   * @throws IllegalArgumentException if the model is sampled in latents or its images have another
   *     size than the training images
   */
  static void requirePixels(String method, Manifest manifest, int size, float[][] training) {
    Checks.argument(
        !manifest.pipeline().latent().isPresent(),
        method,
        "a model that is sampled in pixels",
        "the latent model " + manifest.name());
    for (float[] image : training) {
      if (image.length != size) {
        throw new IllegalArgumentException(
            "training images: expected "
                + size
                + " values as the model's images have, found "
                + image.length);
      }
    }
  }

  void sample(Steering steering, long firstSeed, int count, SampleSink sink, Progress progress) {
    int batchSize = resolved.images().batchSize();
    BatchProgress batches = BatchProgress.of(progress, count, batchSize);
    for (int done = 0; done < count; done += batchSize) {
      int rows = Math.min(batchSize, count - done);
      SteeredBatch batch =
          new SteeredBatch(
              steering, plan, predictions, resolved.images().noise(), firstSeed + done, rows);
      advance(batch, batches);
      batch.deliver(sink);
      batches.next();
    }
  }

  private static void advance(SteeredBatch batch, Progress progress) {
    int steps = batch.steps();
    Progress.Counter counter = new Progress.Counter(progress, steps);
    for (int index = 0; index < steps; index++) {
      counter.beforeStep();
      batch.advance(index);
      counter.afterSteps(1);
    }
  }

  /** Images of consecutive seeds on their way under a {@link Steering}. Belongs to one thread. */
  private static final class SteeredBatch {

    private static final double NANOS_PER_SECOND = 1e9;

    private final Sampler plan;
    private final NoisePredictions predictions;
    private final List<Row> rows = new ArrayList<>();
    private final long start = System.nanoTime();

    /** One image. */
    private static final class Row {
      private final long seed;
      private final RandomMode.ImageNoise noise;
      private final Steering.Pushes pushes;
      private final SamplerState state;
      private int pushed;

      Row(long seed, RandomMode random, Steering steering, SamplerState state) {
        this.seed = seed;
        this.noise = random.open(seed);
        this.pushes = steering.open(random, seed);
        this.state = state;
      }
    }

    SteeredBatch(
        Steering steering,
        Sampler plan,
        NoisePredictions predictions,
        RandomMode random,
        long firstSeed,
        int count) {
      this.plan = plan;
      this.predictions = predictions;
      int size = predictions.shape().size();
      for (int row = 0; row < count; row++) {
        SamplerState state = new SamplerState(size, plan.memory());
        rows.add(new Row(firstSeed + row, random, steering, state));
        rows.get(row).noise.initial().fill(state.x(), 0, size);
        plan.begin(state);
      }
    }

    int steps() {
      return plan.steps().size();
    }

    /** One step of every image: one pass through the denoiser, and a look at each of them. */
    void advance(int index) {
      SamplerStep step = plan.steps().get(index);
      int size = predictions.shape().size();
      float[] x = new float[rows.size() * size];
      for (int row = 0; row < rows.size(); row++) {
        System.arraycopy(rows.get(row).state.x(), 0, x, row * size, size);
      }
      float[] epsilon = predictions.epsilon(x, rows.size(), step.timestep());
      for (int row = 0; row < rows.size(); row++) {
        Row image = rows.get(row);
        System.arraycopy(epsilon, row * size, image.state.prediction(), 0, size);
        boolean pushed = image.pushes.push(image.state, step.level(), steps() - 1 - index);
        image.pushed += pushed ? 1 : 0;
        if (step.usesNoise()) {
          image.noise.steps().fill(image.state.noise(), 0, size);
        }
        step.advance(image.state, pushed);
      }
    }

    /** Hands the images on. */
    void deliver(SampleSink sink) {
      ImageShape shape = predictions.shape();
      double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND / rows.size();
      for (Row image : rows) {
        FloatImage pixels = FloatImage.copyOf(shape, image.state.x(), 0);
        sink.accept(
            new AuditSample(
                image.seed,
                Optional.of(pixels),
                Trajectory.straight(steps(), image.pushed),
                new SampleCost(steps(), 0, 0, seconds)));
      }
    }
  }
}
