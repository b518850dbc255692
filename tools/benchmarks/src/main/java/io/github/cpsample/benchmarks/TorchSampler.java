package io.github.cpsample.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.cpsample.diffusion.Combination;
import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerStep;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.trainer.network.MemorizingClassifier;
import io.github.cpsample.trainer.network.UNet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The library's protected loop in DJL PyTorch, eager: the classifier is asked in the guarded range
 * only, without a tape; autograd runs for the guarded rows.
 */
final class TorchSampler implements TrajectorySides.TrajectorySide {

  private final TrajectoryPlan plan;
  private final ProtectionSettings protection;
  private final ImageShape image;
  private final int bits;
  private final List<TorchStep> steps;
  private final TorchNetwork denoiser;
  private final TorchNetwork classifier;

  TorchSampler(ShippedModel model, TrajectoryPlan plan) {
    this.plan = plan;
    this.protection = TrajectoryPlan.PUSH;
    this.image = plan.manifest().image();
    this.bits = plan.manifest().classifier().bits();
    this.steps = steps(plan);
    UNet unet = TorchDenoiser.definition(model);
    MemorizingClassifier guard = model.classifierNetwork();
    this.denoiser = new TorchNetwork(unet, model.denoiserWeights().flat(unet));
    this.classifier = new TorchNetwork(guard, model.classifierWeights().flat(guard));
  }

  private static List<TorchStep> steps(TrajectoryPlan plan) {
    NoiseSchedule schedule = plan.schedule();
    int distance = schedule.trainTimesteps() / plan.steps();
    List<TorchStep> steps = new ArrayList<>();
    for (SamplerStep step : plan.sampler().steps()) {
      int timestep = (int) step.timestep();
      double next = timestep < distance ? 1 : schedule.alphasCumprod(timestep - distance);
      steps.add(
          new TorchStep(
              step.level(), plan.manifest().denoiser().predictionType(), next, plan.clips()));
    }
    return steps;
  }

  @Override
  public float[] sample() {
    float[] noise = new float[plan.rows() * image.size()];
    plan.fillNoise(noise);
    try (NDManager trajectory = denoiser.scope()) {
      NDArray x = denoiser.images(trajectory, noise, plan.rows());
      for (TorchStep step : steps) {
        NDArray next = advance(trajectory, x, step);
        x.close();
        x = next;
      }
      return x.toFloatArray();
    }
  }

  private NDArray advance(NDManager trajectory, NDArray x, TorchStep step) {
    try (NDManager scope = trajectory.newSubManager()) {
      x.tempAttach(scope);
      NDArray t = scope.full(new Shape(plan.rows()), step.timestep());
      NDArray prediction = denoiser.apply(scope, x, t);
      NDArray guidance = protection.coversTimestep(step.timestep()) ? guidance(scope, x, t) : null;
      NDArray next = step.advance(x, prediction, guidance);
      next.attach(trajectory);
      return next;
    }
  }

  /** The guidance of the guarded rows among zeros; null if none is guarded. */
  private @Nullable NDArray guidance(NDManager scope, NDArray x, NDArray t) {
    float[] logits = classifier.apply(scope, x, t).toFloatArray();
    List<Integer> guarded = new ArrayList<>();
    for (int row = 0; row < plan.rows(); row++) {
      if (protection.gate().guards(logits, row * bits, bits, protection.alpha())) {
        guarded.add(row);
      }
    }
    if (guarded.isEmpty()) {
      return null;
    }
    long[] index = guarded.stream().mapToLong(Integer::longValue).toArray();
    NDArray rows = scope.create(index);
    NDArray leaf = x.get(rows);
    NDArray cotangents = scope.create(cotangents(logits, guarded), new Shape(index.length, bits));
    NDArray gradient = classifier.gradient(scope, leaf, t.get(":{}", index.length), cotangents);
    return scatter(scope, gradient.toFloatArray(), guarded);
  }

  private float[] cotangents(float[] logits, List<Integer> guarded) {
    float[] scaled = new float[logits.length];
    float[] chosen = new float[guarded.size() * bits];
    for (int i = 0; i < guarded.size(); i++) {
      protection.cotangent(logits, scaled, guarded.get(i) * bits, bits);
      System.arraycopy(scaled, guarded.get(i) * bits, chosen, i * bits, bits);
    }
    return chosen;
  }

  private NDArray scatter(NDManager scope, float[] gradient, List<Integer> guarded) {
    int size = image.size();
    float[] all = new float[plan.rows() * size];
    for (int i = 0; i < guarded.size(); i++) {
      System.arraycopy(gradient, i * size, all, guarded.get(i) * size, size);
    }
    return denoiser.images(scope, all, plan.rows());
  }

  @Override
  public void close() {
    classifier.close();
    denoiser.close();
  }

  /**
   * One guided step of DDIM without fresh noise (Song, Meng and Ermon 2021, equation 12; guidance
   * as Dhariwal and Nichol 2021, algorithm 2) in DJL arrays.
   */
  private static final class TorchStep {

    private final PredictionType type;
    private final NoiseLevel level;
    private final double nextAbar;
    private final boolean clips;

    TorchStep(NoiseLevel level, PredictionType type, double nextAbar, boolean clips) {
      this.type = type;
      this.level = level;
      this.nextAbar = nextAbar;
      this.clips = clips;
    }

    int timestep() {
      return (int) level.timestep();
    }

    /**
     * The next x.
     *
     * @param guidance of the shape of x, zero in rows without guidance; null where no row has any
     */
    NDArray advance(NDArray x, NDArray prediction, @Nullable NDArray guidance) {
      double abar = level.alphasCumprod();
      NDArray sample = sum(type.sample(level), x, prediction);
      NDArray epsilon;
      if (clips) {
        sample = sample.clip(-1, 1);
        epsilon = x.sub(sample.mul(Math.sqrt(abar))).div(Math.sqrt(1 - abar));
      } else {
        epsilon = sum(type.epsilon(level), x, prediction);
      }
      if (guidance != null) {
        sample = sample.add(guidance.mul((1 - abar) / Math.sqrt(abar)));
        epsilon = epsilon.sub(guidance.mul(Math.sqrt(1 - abar)));
      }
      return sample.mul(Math.sqrt(nextAbar)).add(epsilon.mul(Math.sqrt(1 - nextAbar)));
    }

    private static NDArray sum(Combination factors, NDArray x, NDArray prediction) {
      return x.mul(factors.of(Combination.Term.STATE))
          .add(prediction.mul(factors.of(Combination.Term.PREDICTION)));
    }
  }

  /**
   * Rebuilds the shipped denoiser in DJL PyTorch. The weights do not tell into how many groups the
   * normalisation divides channels: the number is the one with which PyTorch agrees with the
   * exported network.
   */
  private static final class TorchDenoiser {

    private static final List<Integer> GROUPS = List.of(8, 32, 16, 4, 2, 1);

    /** Of the largest number; another number of groups is off by far more. */
    private static final double BOUND = 1e-3;

    private TorchDenoiser() {}

    static UNet definition(ShippedModel model) {
      NoisedBatch batch = new NoisedBatch(model.manifest(), 2);
      float[] expected = exported(model, batch);
      OnnxWeights weights = model.denoiserWeights();
      for (int groups : GROUPS) {
        UNet candidate =
            new UNet(OnnxWeights.NetworkShapes.denoiser(weights, model.manifest().image(), groups));
        float[] found = evaluate(candidate, weights.flat(candidate), batch);
        if (Agreement.relative(expected, found) <= BOUND) {
          return candidate;
        }
      }
      throw new IllegalStateException(
          "shipped denoiser: expected PyTorch to agree with it with a number of groups of "
              + GROUPS
              + ", found none; is it another network than UNet?");
    }

    private static float[] evaluate(UNet network, float[] weights, NoisedBatch batch) {
      try (TorchNetwork torch = new TorchNetwork(network, weights);
          NDManager scope = torch.scope()) {
        return torch
            .apply(
                scope,
                torch.images(scope, batch.images(), batch.rows()),
                scope.create(batch.timesteps()))
            .toFloatArray();
      }
    }

    private static float[] exported(ShippedModel model, NoisedBatch batch) {
      try (OnnxDenoiser exported = new OnnxDenoiser(model, batch)) {
        return exported.prediction();
      }
    }
  }
}
