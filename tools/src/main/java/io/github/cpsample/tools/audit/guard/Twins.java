package io.github.cpsample.tools.audit.guard;

import io.github.cpsample.sampling.ObservedStep;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleSettings;
import io.github.cpsample.tools.audit.sampling.BatchProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Samples the same seeds twice, without and with protection, and shows every step of the protected
 * side together with its unprotected twin, which was there at the same timestep. The unprotected
 * side is asked at all timesteps, and pushed with strength 0: its images are those of unprotected
 * sampling. Belongs to one thread.
 */
final class Twins {

  /** How many values of the unprotected side are kept at once: 64 MiB. */
  private static final long KEPT_VALUES = 1L << 24;

  /** So small that next to no gradient is computed for nothing. */
  private static final double HARDLY_EVER = 1e-12;

  private final ProtectedSampler sampler;
  private final UnaryOperator<SampleRequest> request;
  private final int batchSize;

  /** An unprotected image in one step: x_t, and what the networks say of it. */
  static final class Twin {
    final float[] x;
    final float[] sample;
    final float[] logits;
    final double certainty;

    private Twin(ObservedStep step, int row) {
      this.x = step.before(row);
      this.sample = step.sample(row);
      this.logits = step.logits(row);
      this.certainty = step.certainty(row);
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
    long perImage = 2L * settings.steps() * settings.image().size();
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
          request.apply(SampleRequest.of(rows)).seed(firstSeed + done).batchSize(rows);
      List<List<Twin>> unprotected = new ArrayList<>();
      sampler.sample(unpushed(both), progress, step -> unprotected.add(twins(step)));
      progress.next();
      sampler.sample(
          both.protection(true),
          progress,
          step -> observer.afterStep(step, unprotected.get(step.index(0))));
      progress.next();
    }
  }

  private SampleRequest unpushed(SampleRequest of) {
    int last = sampler.manifest().schedule().trainTimesteps() - 1;
    return of.protection(true).scale(0).alpha(HARDLY_EVER).guardedTimesteps(0, last);
  }

  private static List<Twin> twins(ObservedStep step) {
    List<Twin> twins = new ArrayList<>(step.rows());
    for (int row = 0; row < step.rows(); row++) {
      twins.add(new Twin(step, row));
    }
    return twins;
  }
}
