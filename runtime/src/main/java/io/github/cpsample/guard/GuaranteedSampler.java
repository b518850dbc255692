package io.github.cpsample.guard;

import io.github.cpsample.base.Checks;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.sampling.ImageReport;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Samples images none of which is too close to a training image: every image is held against the
 * training index, as it is and as a file with 8 bits per channel gives it back, and one that is too
 * close is sampled again from the next seed of its {@link SeedSequence}. Image {@code i} still
 * depends on {@code seed + i} alone. Where images that the protection still recognises are to be
 * {@linkplain SampleRequest.OnFailure#WITHHOLD withheld}, such an image is sampled again, too.
 * After a bounded number of tries there is an error, never a replica. Thread-safe; owns neither
 * sampler nor index.
 *
 * <p>The guarantee is as good as the index and the rule: it knows no training image that is not in
 * the index, and does not see copies that are shifted, mirrored or recoloured.
 *
 * <pre>{@code
 * GuaranteedSampler guaranteed = new GuaranteedSampler(sampler, IndexCheck.of(index), 20);
 * Result result = guaranteed.sample(SampleRequest.of(16).seed(7), Progress.none());
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
    Checks.atLeast("tries", maxTries, 1);
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
   * @throws TooCloseException if an image was too close in every try
   * @throws IllegalArgumentException if the model cannot do what is asked
   * @throws java.util.concurrent.CancellationException if {@code progress} cancels
   */
  public Result sample(SampleRequest request, Progress progress) {
    boolean withholding =
        sampler.settings(request).guarding().onFailure() == SampleRequest.OnFailure.WITHHOLD;
    SampleRequest all = request.withOnFailure(SampleRequest.OnFailure.DELIVER);
    SampleResult first = sampler.sample(all, progress);
    List<FloatImage> images = new ArrayList<>(first.images());
    List<ImageReport> reports = new ArrayList<>(first.reports());
    List<Integer> tries = new ArrayList<>();
    SampleResult.Totals totals = first.totals();
    boolean between = first.settings().shown().origin().interpolation().isPresent();
    int allowed = between ? 1 : maxTries;
    List<GuardVerdict> verdicts = RoundedCheck.of(check, images);
    for (int i = 0; i < images.size(); i++) {
      long seed = reports.get(i).seed();
      GuardVerdict verdict = verdicts.get(i);
      int done = 1;
      for (; !verdict.passes() || (withholding && reports.get(i).recognised()); done++) {
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
    return new Result(
        new SampleResult(images, reports, first.settings(), totals.delivering(reports)), tries);
  }

  private static TooCloseException failure(
      int image, long seed, int done, boolean between, GuardVerdict verdict) {
    TrainingIndex.Match match = verdict.match().orElseThrow();
    String advice =
        between
            ? "an image between two seeds has no other seed to try: take other seeds, or raise the"
                + " protection's alpha or returns"
            : "switch the protection on, raise its alpha or returns, or allow more tries";
    return new TooCloseException(
        String.format(
            Locale.ROOT,
            "image %d with seed %d: expected one that is not too close to a training image, found"
                + " none in %d tries; the last is at %.4f, %.3f of the mean distance to the next"
                + " nearest%s; %s",
            image,
            seed,
            done,
            match.nearest(),
            match.share(),
            verdict.passes() ? ", and still recognised by the protection" : "",
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

  /**
   * Images none of which is too close to a training image.
   *
   * @param result the images and their reports; an image that was resampled has the seed that made
   *     it in its report, and the totals include the images that were thrown away
   * @param tries for every image how often it was sampled, at least 1
   */
  public record Result(SampleResult result, List<Integer> tries) {

    public Result {
      Objects.requireNonNull(result, "result");
      tries = List.copyOf(tries);
    }

    /**
     * How many images had to be sampled more than once.
     *
     * @return at least 0
     */
    public int resampledImages() {
      return (int) tries.stream().filter(count -> count > 1).count();
    }

    /**
     * How many sampled images were thrown away.
     *
     * @return at least 0
     */
    public int rejected() {
      return tries.stream().mapToInt(count -> count - 1).sum();
    }
  }

  /** No image that is far enough from the training images was found within the tries allowed. */
  public static final class TooCloseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Seed of the image that was asked for. */
    private final long seed;

    /** Tries made. */
    private final int tries;

    /** Distance of the last try. */
    private final double distance;

    /**
     * Says which image failed.
     *
     * @param message what was expected, what was found, what to do
     * @param seed the image's own seed
     * @param tries how many images were sampled for it
     * @param distance root mean square difference of the last one to its nearest training image
     */
    public TooCloseException(String message, long seed, int tries, double distance) {
      super(message);
      this.seed = seed;
      this.tries = tries;
      this.distance = distance;
    }

    /**
     * Which image.
     *
     * @return its own seed
     */
    public long seed() {
      return seed;
    }

    /**
     * How often it was tried.
     *
     * @return at least 1
     */
    public int tries() {
      return tries;
    }

    /**
     * How near the last try was.
     *
     * @return root mean square difference to the nearest training image
     */
    public double distance() {
      return distance;
    }
  }
}
