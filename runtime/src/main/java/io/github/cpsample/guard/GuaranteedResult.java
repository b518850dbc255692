package io.github.cpsample.guard;

import io.github.cpsample.sampling.SampleResult;
import java.util.List;
import java.util.Objects;

/**
 * Images none of which is too close to a training image.
 *
 * @param result the images and their reports; an image that was resampled has the seed that made it
 *     in its report, and the totals include the images that were thrown away
 * @param tries for every image how often it was sampled, at least 1
 */
public record GuaranteedResult(SampleResult result, List<Integer> tries) {

  /**
   * Copies the list.
   *
   * @param result as the component says
   * @param tries as the component says
   */
  public GuaranteedResult {
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
