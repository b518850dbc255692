package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.evaluation.figures.MethodFigures;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.protection.Correction.Move;
import io.github.cpsample.sampling.ImageReport;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.sampling.SampleSettings;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What the model's own sampler makes, without or with CPSample (Kazdan et al. 2025). Images are
 * made in requests of a few batches and handed on after each, so that memory does not grow with
 * their number; within a request an image that is done makes room for the next one. Images that the
 * guard still recognises are delivered like others, with a trajectory that says so.
 */
public final class ModelSampling implements SamplingMethod {

  /** So many batches are one request. */
  private static final int BATCHES = 4;

  private final Guard guard;
  private final ProtectedSampler sampler;
  private final UnaryOperator<SampleRequest> request;
  private final int batchSize;
  private final SampleSettings resolved;

  /** Whether it is protected. */
  private enum Guard {
    OFF(MethodFigures.UNPROTECTED, "no protection"),
    ON(MethodFigures.PROTECTED, "CPSample");

    private final String name;
    private final String title;

    Guard(String name, String title) {
      this.name = name;
      this.title = title;
    }
  }

  private ModelSampling(
      Guard guard, ProtectedSampler sampler, UnaryOperator<SampleRequest> request, int batchSize) {
    this.guard = guard;
    this.sampler = sampler;
    this.request = request;
    this.batchSize = batchSize;
    this.resolved = sampler.settings(batch(0, batchSize));
  }

  /**
   * The model as it is.
   *
   * @param sampler of the model; not owned
   * @param request changes a request, such as its steps; count, batch, seed and protection are set
   *     here
   * @param batchSize how many images are made together, at least 1
   * @return the method
   * @throws IllegalArgumentException if the model cannot do what is asked
   */
  public static ModelSampling unprotected(
      ProtectedSampler sampler, UnaryOperator<SampleRequest> request, int batchSize) {
    return new ModelSampling(Guard.OFF, sampler, request, batchSize);
  }

  /**
   * The protected model.
   *
   * @param sampler of the model; not owned
   * @param request changes a request, such as its steps and how it is protected; count, batch and
   *     seed are set here
   * @param batchSize how many images are made together, at least 1
   * @return the method
   * @throws IllegalArgumentException if the model cannot do what is asked
   */
  public static ModelSampling cpsample(
      ProtectedSampler sampler, UnaryOperator<SampleRequest> request, int batchSize) {
    return new ModelSampling(Guard.ON, sampler, request, batchSize);
  }

  @Override
  public String name() {
    return guard.name;
  }

  @Override
  public String title() {
    return guard.title;
  }

  @Override
  public String settings() {
    String steps =
        resolved.trajectory().sampler().label() + ", " + resolved.trajectory().steps() + " steps";
    return guard == Guard.ON ? steps + ", " + resolved.guarding().protection().describe() : steps;
  }

  @Override
  public void sample(long firstSeed, int count, SampleSink sink, Progress progress) {
    int most = BATCHES * batchSize;
    BatchProgress requests = BatchProgress.of(progress, count, most);
    for (int done = 0; done < count; done += most) {
      int images = Math.min(most, count - done);
      deliver(sampler.sample(batch(firstSeed + done, images), requests), sink);
      requests.next();
    }
  }

  private SampleRequest batch(long seed, int images) {
    return request
        .apply(SampleRequest.of(images))
        .withSeed(seed)
        .withBatchSize(Math.min(images, batchSize))
        .withOnFailure(SampleRequest.OnFailure.DELIVER)
        .withProtection(guard == Guard.ON);
  }

  private static void deliver(SampleResult result, SampleSink sink) {
    int rows = result.images().size();
    boolean moves =
        result.settings().guarding().on()
            && result.settings().guarding().protection().correction().kind().move() != Move.NONE;
    for (int row = 0; row < rows; row++) {
      ImageReport report = result.report(row);
      FloatImage image = result.image(row);
      SampleCost cost =
          new SampleCost(
              report.steps(),
              result.totals().classifierRows() / rows,
              moves ? report.guardedSteps() : 0,
              result.totals().seconds() / rows);
      sink.accept(new AuditSample(report.seed(), Optional.of(image), Trajectory.of(report), cost));
    }
  }
}
