package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.diffusion.SamplerStep;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.random.RandomMode;
import io.github.cpsample.sampling.NoisePredictions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Images of consecutive seeds on their way under a {@link Steering}. Belongs to one thread. */
final class SteeredBatch {

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
