package io.github.cpsample.guard;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.sampling.ImageReport;
import io.github.cpsample.sampling.OnFailure;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.sampling.SampleTotals;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Samples images none of which is too close to a training image: every image is held against the
 * training index, as it is and as a file with 8 bits per channel gives it back, and one that is too
 * close is sampled again from the next seed of its {@link SeedSequence}. Image {@code i} still
 * depends on {@code seed + i} alone. The index
 * alone decides: an image that the protection still recognises is delivered, and its report says
 * so. After a bounded number of tries there is an error, never a
 * replica. Thread-safe; owns neither sampler nor index.
 *
 * <p>The guarantee is as good as the index and the rule: it knows no training image that is not in
 * the index, and does not see copies that are shifted, mirrored or recoloured.
 *
 * <pre>{@code
 * GuaranteedSampler guaranteed = new GuaranteedSampler(sampler, IndexCheck.of(index), 20);
 * GuaranteedResult result = guaranteed.sample(SampleRequest.of(16).seed(7), Progress.none());
 * }</pre>
 */
public final class GuaranteedSampler {

  /** Tries per image unless another number is asked for. */
  public static final int TRIES = 20;

  private final ProtectedSampler sampler;
  private final IndexCheck check;
  private final int maxTries;

  /**
   * Joins a sampler and an index.
   *
   * @param sampler what samples
   * @param check the training images and the rule
   * @param maxTries how often an image is sampled at most, at least 1
   * @throws IllegalArgumentException if the index is of images of another shape
   */
  public GuaranteedSampler(ProtectedSampler sampler, IndexCheck check, int maxTries) {
    if (maxTries < 1) {
      throw new IllegalArgumentException("tries: expected at least 1, found " + maxTries);
    }
    check.index().requireShape(sampler.manifest().image());
    this.sampler = sampler;
    this.check = check;
    this.maxTries = maxTries;
  }

  /**
   * Samples images in the calling thread.
   *
   * @param request what to sample; protection may be on or off. Images between two seeds have no
   *     other seed to try, so one that is too close fails at once
   * @param progress is told about every step of the first tries, and may cancel at any step
   * @return images that passed
   * @throws GuaranteeException if an image was too close in every try
   * @throws IllegalArgumentException if the model cannot do what is asked
   * @throws java.util.concurrent.CancellationException if {@code progress} cancels
   */
  public GuaranteedResult sample(SampleRequest request, Progress progress) {
    SampleRequest all = request.onFailure(OnFailure.DELIVER);
    SampleResult first = sampler.sample(all, progress);
    List<FloatImage> images = new ArrayList<>(first.images());
    List<ImageReport> reports = new ArrayList<>(first.reports());
    List<Integer> tries = new ArrayList<>();
    SampleTotals totals = first.totals();
    boolean between = first.settings().origin().interpolation().isPresent();
    int allowed = between ? 1 : maxTries;
    List<GuardVerdict> verdicts = RoundedCheck.of(check, images);
    for (int i = 0; i < images.size(); i++) {
      long seed = reports.get(i).seed();
      GuardVerdict verdict = verdicts.get(i);
      int done = 1;
      for (; !verdict.passes(); done++) {
        if (done >= allowed) {
          throw failure(i, seed, done, between, verdict);
        }
        SampleResult again =
            sampler.sample(all.again(i, SeedSequence.of(seed, done)), quiet(progress));
        images.set(i, again.image(0));
        reports.set(i, again.report(0));
        totals = totals.plus(again.totals());
        verdict = RoundedCheck.of(check, again.images()).get(0);
      }
      tries.add(done);
    }
    return new GuaranteedResult(
        new SampleResult(images, reports, first.settings(), totals.delivering(reports)), tries);
  }

  private static GuaranteeException failure(
      int image, long seed, int done, boolean between, GuardVerdict verdict) {
    IndexMatch match = verdict.match().orElseThrow();
    String advice =
        between
            ? "an image between two seeds has no other seed to try: take other seeds, or raise the"
                + " protection's alpha or returns"
            : "switch the protection on, raise its alpha or returns, or allow more tries";
    return new GuaranteeException(
        String.format(
            Locale.ROOT,
            "image %d with seed %d: expected one that is not too close to a training image, found"
                + " none in %d tries; the last is at %.4f, %.3f of the mean distance to the next"
                + " nearest; %s",
            image,
            seed,
            done,
            match.nearest(),
            match.share(),
            advice),
        seed,
        done,
        match.nearest());
  }

  /** Cancels, but does not count the steps of images that nobody planned. */
  private static Progress quiet(Progress progress) {
    return new Progress() {
      @Override
      public void onStep(int stepsDone, int stepsTotal) {}

      @Override
      public boolean isCancelled() {
        return progress.isCancelled();
      }
    };
  }
}
