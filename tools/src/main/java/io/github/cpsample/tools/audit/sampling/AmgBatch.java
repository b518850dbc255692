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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Images of consecutive seeds on their way under AMG. Belongs to one thread. */
final class AmgBatch {

  private static final double NANOS_PER_SECOND = 1e9;

  private final AmgSettings settings;
  private final ImageBank bank;
  private final Sampler plan;
  private final NoisePredictions predictions;
  private final SamplerState state;
  private final BankMatch match;
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
    private int pushed;

    Row(long seed, RandomMode random, AmgSettings settings) {
      this.seed = seed;
      this.noise = random.open(seed);
      this.ofBank = random.open(~seed).initial();
      this.chain = new AmgChain(settings);
    }
  }

  AmgBatch(
      AmgSettings settings,
      ImageBank bank,
      Sampler plan,
      NoisePredictions predictions,
      RandomMode random,
      long firstSeed,
      int count) {
    this.settings = settings;
    this.bank = bank;
    this.plan = plan;
    this.predictions = predictions;
    this.state = new SamplerState(count, predictions.shape().size(), plan.memory());
    this.match = new BankMatch(state.rowSize());
    for (int row = 0; row < count; row++) {
      rows.add(new Row(firstSeed + row, random, settings));
      rows.get(row).noise.initial().fill(state.x(), state.offset(row), state.rowSize());
      plan.begin(state, row);
    }
  }

  int steps() {
    return plan.steps().size();
  }

  /** One step of every image: one pass through the denoiser, and a check of those that are due. */
  void advance(int index) {
    SamplerStep step = plan.steps().get(index);
    float[] x = Arrays.copyOf(state.x(), state.x().length);
    float[] epsilon = predictions.epsilon(x, rows.size(), step.timestep());
    System.arraycopy(epsilon, 0, state.prediction(), 0, epsilon.length);
    for (int row = 0; row < rows.size(); row++) {
      boolean pushed = pushes(rows.get(row), row, step.alphasCumprod(), steps() - 1 - index);
      if (step.usesNoise()) {
        rows.get(row).noise.steps().fill(state.noise(), state.offset(row), state.rowSize());
      }
      step.advance(state, row, pushed);
    }
  }

  /** Checks one image; where it is pushed, the guidance buffer holds the push. */
  private boolean pushes(Row image, int row, double abar, int level) {
    if (!image.chain.checks()) {
      return false;
    }
    int offset = state.offset(row);
    bank.compare(state.x(), offset, abar, image.ofBank, match);
    double shortfall = image.chain.shortfall(match.similarity(), level);
    if (shortfall == 0) {
      return false;
    }
    match.gradient(state.x(), offset, settings.strength() * shortfall, state.guidance());
    image.pushed++;
    return true;
  }

  /** Hands the images on. */
  void deliver(SampleSink sink) {
    ImageShape shape = predictions.shape();
    double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND / rows.size();
    for (int row = 0; row < rows.size(); row++) {
      Row image = rows.get(row);
      FloatImage pixels = FloatImage.copyOf(shape, state.x(), state.offset(row));
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
