package io.github.cpsample.benchmarks;

import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import java.util.function.UnaryOperator;

/** The ways to sample the same batch with the shipped model. */
final class TrajectorySides implements AutoCloseable {

  /** In [-1,1]. */
  private static final double BOUND = 1e-2;

  private final LibrarySampler unprotected;
  private final LibrarySampler standard;
  private final LibrarySampler always;
  private final LibrarySampler oneGraph;
  private final LibrarySampler alwaysOneGraph;
  private final TrajectorySide straightforward;
  private final TrajectorySide torch;
  private final SampleResult.Totals totals;

  /** Opens all of them and refuses to go on unless those that should agree do. */
  TrajectorySides(int rows, int steps) {
    ShippedModel model = new ShippedModel();
    TrajectoryPlan plan = new TrajectoryPlan(model.manifest(), rows, steps);
    this.unprotected = new LibrarySampler(model, plan, request -> request.withProtection(false));
    this.standard = new LibrarySampler(model, plan, request -> request);
    this.always = new LibrarySampler(model, plan, request -> request.withAlpha(0.5));
    this.oneGraph =
        new LibrarySampler(
            model, plan, request -> request.withPath(SampleRequest.StepPath.ONE_GRAPH));
    this.alwaysOneGraph =
        new LibrarySampler(
            model,
            plan,
            request -> request.withAlpha(0.5).withPath(SampleRequest.StepPath.ONE_GRAPH));
    this.straightforward = new StraightforwardSampler(model, plan);
    this.torch = new TorchSampler(model, plan);
    this.totals = standard.result().totals();
    float[] images = standard.sample();
    require("one graph per step", images, oneGraph);
    require("straightforward sampling", images, straightforward);
    require("sampling in PyTorch", images, torch);
  }

  private static void require(String what, float[] images, TrajectorySide side) {
    Agreement.require(
        what + " against the library's images", Agreement.absolute(images, side.sample()), BOUND);
  }

  /** Without protection. */
  TrajectorySide unprotected() {
    return unprotected;
  }

  /** With the model's settings. */
  TrajectorySide standard() {
    return standard;
  }

  /** With alpha = 1/2: every sample guarded in the whole guarded range. */
  TrajectorySide always() {
    return always;
  }

  /** With the model's settings, a step being one graph. */
  TrajectorySide oneGraph() {
    return oneGraph;
  }

  /** With alpha = 1/2, a step being one graph. */
  TrajectorySide alwaysOneGraph() {
    return alwaysOneGraph;
  }

  TrajectorySide straightforward() {
    return straightforward;
  }

  TrajectorySide torch() {
    return torch;
  }

  /** What the model's settings guarded of this batch. */
  SampleResult.Totals totals() {
    return totals;
  }

  @Override
  public void close() {
    torch.close();
    straightforward.close();
    alwaysOneGraph.close();
    oneGraph.close();
    always.close();
    standard.close();
    unprotected.close();
  }

  /** One way to sample a batch of images. Holds native memory. */
  interface TrajectorySide extends AutoCloseable {

    /** Samples the batch, always the same: images [N,C,H,W] about [-1,1]. */
    float[] sample();

    @Override
    void close();
  }

  /** The library's sampler, with protection as a request asks for it. */
  static final class LibrarySampler implements TrajectorySides.TrajectorySide {

    private final ProtectedSampler sampler;
    private final SampleRequest request;

    /**
     * Opens the sampler.
     *
     * @param protection sets the protection of the request
     */
    LibrarySampler(
        ShippedModel model, TrajectoryPlan plan, UnaryOperator<SampleRequest> protection) {
      this.sampler = model.sampler();
      this.request =
          protection.apply(
              SampleRequest.of(plan.rows())
                  .withBatchSize(plan.rows())
                  .withSteps(plan.steps())
                  .withSeed(TrajectoryPlan.SEED)
                  .withAsks(TrajectoryPlan.PUSH.asks())
                  .withAlpha(TrajectoryPlan.PUSH.alpha())
                  .withScale(TrajectoryPlan.PUSH.scale())
                  .withGuardedTimesteps(0, TrajectoryPlan.PUSH.lastTimestep())
                  .withCorrection(TrajectoryPlan.PUSH.correction())
                  .withAskEvery(TrajectoryPlan.PUSH.askEvery()));
    }

    SampleResult result() {
      return sampler.sample(request, Progress.none());
    }

    @Override
    public float[] sample() {
      SampleResult result = result();
      int size = result.image(0).shape().size();
      float[] images = new float[result.images().size() * size];
      for (int i = 0; i < result.images().size(); i++) {
        result.image(i).copyTo(images, i * size);
      }
      return images;
    }

    @Override
    public void close() {
      sampler.close();
    }
  }
}
