package io.github.cpsample.benchmarks;

import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import java.util.function.UnaryOperator;

/** The library's sampler, with protection as a request asks for it. */
final class LibrarySampler implements TrajectorySide {

  private final ProtectedSampler sampler;
  private final SampleRequest request;

  /**
   * Opens the sampler.
   *
   * @param protection sets the protection of the request
   */
  LibrarySampler(ShippedModel model, TrajectoryPlan plan, UnaryOperator<SampleRequest> protection) {
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
                .withCorrection(TrajectoryPlan.PUSH.correction()));
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
