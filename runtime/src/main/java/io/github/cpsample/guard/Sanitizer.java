package io.github.cpsample.guard;

import io.github.cpsample.base.Checks;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Makes an image that is no replica out of one that is: noises it and denoises it under protection,
 * each time with more noise, until it passes a check. What comes out resembles what went in as far
 * as little noise sufficed; an image that passes as it is stays as it is. An image that the
 * protection itself still recognises when it is finished does not pass either. An image that never
 * passes is an error, and is not returned. Thread-safe; owns neither sampler nor check.
 *
 * <pre>{@code
 * Sanitizer sanitizer = new Sanitizer(sampler, IndexCheck.of(index), Settings.STANDARD);
 * FloatImage harmless = sanitizer.sanitize(image, SampleRequest.of(1), Progress.none()).image();
 * }</pre>
 */
public final class Sanitizer {

  private static final String RECOGNISED = "still recognised by the protection";

  private final ProtectedSampler sampler;
  private final ImageCheck check;
  private final Settings settings;

  /**
   * Joins a sampler and a check.
   *
   * @param sampler the model whose training images are guarded
   * @param check what an image has to pass; should hold images against an index
   * @param settings tries and strengths
   */
  public Sanitizer(ProtectedSampler sampler, ImageCheck check, Settings settings) {
    this.sampler = sampler;
    this.check = check;
    this.settings = settings;
  }

  /**
   * Sanitizes an image in the calling thread.
   *
   * @param image of the model's shape, values about [-1, 1]
   * @param request steps, sampler, protection and seed; count, strength and start image are set
   *     here. Try {@code k} has the {@code k}-th seed of the request's {@link SeedSequence}
   * @param progress may cancel; is told about the steps of every try from the start
   * @return the image and how it came about
   * @throws FailedException if no try passed
   * @throws IllegalArgumentException if the image does not fit or the model cannot do what is asked
   * @throws java.util.concurrent.CancellationException if {@code progress} cancels
   */
  public Result sanitize(FloatImage image, SampleRequest request, Progress progress) {
    GuardVerdict before = RoundedCheck.of(check, List.of(image)).get(0);
    if (before.passes()) {
      return new Result(image, 0, 0, request.seed(), before, before);
    }
    List<String> last = before.reasons();
    for (int attempt = 0; attempt < settings.tries(); attempt++) {
      double strength = settings.strength(attempt);
      long seed = SeedSequence.of(request.seed(), attempt);
      SampleRequest one =
          request
              .again(0, seed)
              .withProtection(true)
              .withOnFailure(SampleRequest.OnFailure.DELIVER)
              .withStart(image, strength);
      SampleResult result = sampler.sample(one, progress);
      GuardVerdict after = RoundedCheck.of(check, result.images()).get(0);
      boolean recognised = result.report(0).recognised();
      if (after.passes() && !recognised) {
        return new Result(result.image(0), attempt + 1, strength, seed, before, after);
      }
      last = after.passes() ? List.of(RECOGNISED) : after.reasons();
    }
    throw new FailedException(
        String.format(
            Locale.ROOT,
            "expected an image that passes within %d tries up to strength %.2f, found that the last"
                + " is %s; allow more tries, or raise the protection's alpha or returns",
            settings.tries(),
            settings.strength(settings.tries() - 1),
            String.join(", and ", last)));
  }

  /** An image was still too close after all tries. */
  public static final class FailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what failed.
     *
     * @param message what was expected, what was found, what to do
     */
    public FailedException(String message) {
      super(message);
    }
  }

  /**
   * How an image is sanitized. Try {@code k} of {@code n} noises it with a strength from {@code
   * firstStrength} up to {@code lastStrength} in equal steps.
   *
   * @param firstStrength the share of the sampler's steps that the first try takes, in (0, 1]
   * @param lastStrength the share that the last try takes, in [firstStrength, 1]
   * @param tries how many tries at most, at least 1
   */
  public record Settings(double firstStrength, double lastStrength, int tries) {

    /** From .4 to 1 in up to 13 tries: .05 more each time. */
    public static final Settings STANDARD = new Settings(0.4, 1, 13);

    public Settings {
      Checks.argument(
          firstStrength > 0 && firstStrength <= lastStrength && lastStrength <= 1,
          "strength",
          "0 < first <= last <= 1",
          "first " + firstStrength + ", last " + lastStrength);
      Checks.atLeast("tries", tries, 1);
    }

    /** The strength of a try, from 0. */
    double strength(int attempt) {
      return tries == 1
          ? firstStrength
          : firstStrength + (lastStrength - firstStrength) * attempt / (tries - 1);
    }
  }

  /**
   * An image that passes.
   *
   * @param image the image; the one given if it passed as it was
   * @param tries how many tries it took; 0 if it passed as it was
   * @param strength the strength of the try that passed; 0 if there was none
   * @param seed the seed of the try that passed, or of the image if there was none
   * @param before the verdict on the image given
   * @param after the verdict on the image that passes
   */
  public record Result(
      FloatImage image,
      int tries,
      double strength,
      long seed,
      GuardVerdict before,
      GuardVerdict after) {

    public Result {
      Objects.requireNonNull(image, "image");
      Objects.requireNonNull(before, "before");
      Objects.requireNonNull(after, "after");
    }
  }
}
