package io.github.cpsample.tools.audit.sampling;

import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.diffusion.SamplerStep;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.random.ImageNoise;
import io.github.cpsample.random.NormalStream;
import io.github.cpsample.random.RandomMode;
import io.github.cpsample.sampling.NoisePredictions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Images of consecutive seeds on their way under AMG. Belongs to one thread. */
final class AmgBatch {

  private static final double NANOS_PER_SECOND = 1e9;

  private final AmgCheck check;
  private final Sampler plan;
  private final NoisePredictions predictions;
  private final List<Row> rows = new ArrayList<>();
  private final long start = System.nanoTime();

  /** One image. */
  private static final class Row {
    private final long seed;
    private final ImageNoise noise;

    /**
     * Of the bank, for this image; the streams of the complement of a seed, which is negative for
     * the seeds that people use, are nobody's.
     */
    private final NormalStream ofBank;

    private final AmgChain chain;
    private final SamplerState state;
    private int pushed;

    Row(long seed, RandomMode random, AmgSettings settings, SamplerState state) {
      this.state = state;
      this.seed = seed;
      this.noise = random.open(seed);
      this.ofBank = random.open(~seed).initial();
      this.chain = new AmgChain(settings);
    }
  }

  AmgBatch(
      AmgCheck check,
      Sampler plan,
      NoisePredictions predictions,
      RandomMode random,
      long firstSeed,
      int count) {
    this.check = check;
    this.plan = plan;
    this.predictions = predictions;
    int size = predictions.shape().size();
    for (int row = 0; row < count; row++) {
      SamplerState state = new SamplerState(size, plan.memory());
      rows.add(new Row(firstSeed + row, random, check.settings(), state));
      rows.get(row).noise.initial().fill(state.x(), 0, size);
      plan.begin(state);
    }
  }

  int steps() {
    return plan.steps().size();
  }

  /** One step of every image: one pass through the denoiser, and a check of those that are due. */
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
      boolean pushed =
          check.pushes(image.state, step.level(), steps() - 1 - index, image.chain, image.ofBank);
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
    for (int row = 0; row < rows.size(); row++) {
      Row image = rows.get(row);
      FloatImage pixels = FloatImage.copyOf(shape, image.state.x(), 0);
      sink.accept(
          new AuditSample(
              image.seed,
              Optional.of(pixels),
              steps(),
              image.pushed,
              new SampleCost(steps(), 0, 0, seconds)));
    }
  }
}
