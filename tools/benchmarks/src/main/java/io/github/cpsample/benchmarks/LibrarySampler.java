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
                .batchSize(plan.rows())
                .steps(plan.steps())
                .seed(TrajectoryPlan.SEED)
                .asks(TrajectoryPlan.PUSH.asks())
                .alpha(TrajectoryPlan.PUSH.alpha())
                .scale(TrajectoryPlan.PUSH.scale())
                .guardedTimesteps(0, TrajectoryPlan.PUSH.lastTimestep())
                .correction(TrajectoryPlan.PUSH.correction()));
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
