package io.github.cpsample.evaluation.trajectory;

import io.github.cpsample.evaluation.comparators.BatchProgress;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.sampling.ObservedStep;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Samples the same seeds twice, without and with protection, and shows every step of the protected
 * side together with its unprotected twin: the same seed at the same step of the sampler, and so at
 * the same noise level, however often the protected image was sent back before. The unprotected
 * side is asked the same question at all timesteps, and neither moved nor sent back: its images are
 * those of unprotected sampling. Belongs to one thread.
 */
final class Twins {

  /** How many values of the unprotected side are kept at once: 64 MiB. */
  private static final long KEPT_VALUES = 1L << 24;

  /** What is kept of a step: x_t, the denoiser's image, and what the classifier is asked about. */
  private static final long KEPT_IMAGES = 3;

  /** So small that next to no gradient is computed for nothing. */
  private static final double HARDLY_EVER = 1e-12;

  private final ProtectedSampler sampler;
  private final UnaryOperator<SampleRequest> request;
  private final int batchSize;

  /** An unprotected image in one step: x_t, and what the networks say of it. */
  static final class Twin {
    final float[] x;
    final float[] sample;
    final float[] subject;
    final float[] logits;
    final double certainty;

    private Twin(ObservedStep step, int row) {
      this.x = step.before(row);
      this.sample = step.sample(row);
      this.subject = step.subject(row);
      this.logits = step.logits(row);
      this.certainty = step.certainty(row);
    }
  }

  /** Which step of which image. */
  private record Moment(long seed, int place) {
    static Moment of(ObservedStep step, int row) {
      return new Moment(step.seed(row), step.place(row));
    }
  }

  /** Sees the steps of the protected side. */
  @FunctionalInterface
  interface Observer {
    /** A step, and the unprotected twins in the order of its rows. */
    void afterStep(ObservedStep step, List<Twin> twins);
  }

  Twins(ProtectedSampler sampler, UnaryOperator<SampleRequest> request, int batchSize) {
    this.sampler = sampler;
    this.request = request;
    SampleSettings settings = sampler.settings(request.apply(SampleRequest.of(1)));
    long perImage = KEPT_IMAGES * settings.trajectory().steps() * settings.images().shape().size();
    this.batchSize = (int) Math.max(1, Math.min(batchSize, KEPT_VALUES / perImage));
  }

  int batches(int count) {
    return (count + batchSize - 1) / batchSize;
  }

  /** Samples both sides of some seeds; the progress counts two batches for each of theirs. */
  void run(long firstSeed, int count, BatchProgress progress, Observer observer) {
    for (int done = 0; done < count; done += batchSize) {
      int rows = Math.min(batchSize, count - done);
      SampleRequest both =
          request.apply(SampleRequest.of(rows)).withSeed(firstSeed + done).withBatchSize(rows);
      Map<Moment, Twin> unprotected = new HashMap<>();
      sampler.sample(uncorrected(both), progress, step -> keep(step, unprotected));
      progress.next();
      sampler.sample(
          inStride(both), progress, step -> observer.afterStep(step, twins(step, unprotected)));
      progress.next();
    }
  }

  /** With ways back of the trajectory's own steps, so that both sides have the same places. */
  private SampleRequest inStride(SampleRequest of) {
    SampleRequest guarded = of.withProtection(true);
    Correction own = sampler.settings(guarded).guarding().protection().correction();
    return guarded.withCorrection(own.withStride(1));
  }

  private SampleRequest uncorrected(SampleRequest of) {
    int last = sampler.manifest().schedule().trainTimesteps() - 1;
    return of.withProtection(true)
        .withCorrection(Correction.PAPER)
        .withScale(0)
        .withAskEvery(1)
        .withAlpha(HARDLY_EVER)
        .withGuardedTimesteps(0, last);
  }

  private static void keep(ObservedStep step, Map<Moment, Twin> kept) {
    for (int row = 0; row < step.rows(); row++) {
      kept.put(Moment.of(step, row), new Twin(step, row));
    }
  }

  private static List<Twin> twins(ObservedStep step, Map<Moment, Twin> kept) {
    List<Twin> twins = new ArrayList<>(step.rows());
    for (int row = 0; row < step.rows(); row++) {
      twins.add(kept.get(Moment.of(step, row)));
    }
    return twins;
  }
}
