package io.github.cpsample.evaluation.audit;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.evaluation.comparators.AuditSample;
import io.github.cpsample.evaluation.store.SeedRange;
import io.github.cpsample.evaluation.store.WorkFolder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The images of an audit as another program makes them, such as one on a cluster. The audit was
 * begun by {@link Audit#prepare}; given the same command again it finds its images there, and
 * measures the rest. What is made before an interruption stays. The work folder is kept to this
 * program until it is closed, and the time counts as work. Used by one thread.
 */
public final class OutsideSampling implements Closeable {

  private final WorkFolder work;
  private final SamplingPlan plan;
  private final SampleSets samples;

  private OutsideSampling(WorkFolder work, SamplingPlan plan, SampleSets samples) {
    this.work = work;
    this.plan = plan;
    this.samples = samples;
  }

  /**
   * Opens the work of an audit.
   *
   * @param folder the work folder that the audit was prepared in
   * @param manifest of the model that is sampled
   * @return the images so far
   * @throws IOException if there is no work of an audit, or it differs from this model and these
   *     versions, or it is in use, or it cannot be read
   * @throws IllegalArgumentException if the model is not the audited one, or the audit does not run
   *     on the CPU
   */
  public static OutsideSampling open(Path folder, Manifest manifest) throws IOException {
    SamplingPlan plan = SamplingPlan.read(folder);
    plan.require(manifest);
    WorkFolder work = WorkFolder.join(folder, plan.decides(manifest));
    try {
      SampleSets samples = SampleSets.open(work, plan.settings(), manifest.image());
      return new OutsideSampling(work, plan, samples);
    } catch (IOException | RuntimeException e) {
      work.close();
      throw e;
    }
  }

  /**
   * How to sample.
   *
   * @return the plan
   */
  public SamplingPlan plan() {
    return plan;
  }

  /**
   * The seeds of a method, those that are done among them.
   *
   * @param method one of {@link SamplingPlan#METHODS}
   * @return the seeds, and how many are sampled together
   */
  public SeedRange seeds(String method) {
    return samples.of(method).seeds();
  }

  /**
   * How many seeds of a method are done: the first ones, in whole batches.
   *
   * @param method one of {@link SamplingPlan#METHODS}
   * @return at least 0, at most the number of seeds
   */
  public int done(String method) {
    return samples.of(method).size();
  }

  /**
   * Adds what came of a batch.
   *
   * @param method one of {@link SamplingPlan#METHODS}
   * @param place what made the images, for the report
   * @param batch the seeds after those that are done: as many as are sampled together, or all that
   *     are left
   * @throws IOException if it cannot be written
   * @throws IllegalArgumentException if the seeds are others
   */
  public void append(String method, String place, List<AuditSample> batch) throws IOException {
    SeedRange seeds = seeds(method);
    Checks.argument(
        batch.size() == Math.min(seeds.batch(), seeds.count() - done(method)),
        "samples of " + method,
        "a whole batch after " + done(method) + " of " + seeds.count() + " seeds",
        batch.size());
    samples.append(method, place, batch);
  }

  @Override
  public void close() throws IOException {
    try (work;
        samples) {
      // Closing is all there is to do.
    }
  }
}
