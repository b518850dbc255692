package io.github.cpsample.tools.figures;

import io.github.cpsample.evaluation.figures.ReplicaFinder;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.Mask;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import java.util.List;
import java.util.stream.Stream;

/**
 * The training images as prompts, each given several times in a row, with a seed of its own each
 * time.
 *
 * @param training the training images, of one channel
 * @param firstSeed the seed of the first prompt; the others follow
 * @param times how often each image is given
 */
public record Prompts(List<FloatImage> training, long firstSeed, int times) {

  public Prompts {
    training = List.copyOf(training);
  }

  /**
   * The prompts themselves.
   *
   * @return one image for every sample
   */
  public List<FloatImage> images() {
    return training.stream().flatMap(image -> Stream.generate(() -> image).limit(times)).toList();
  }

  /**
   * A sample for every prompt, nothing said of what to do with it.
   *
   * @return the request
   */
  public SampleRequest request() {
    return SampleRequest.of(training.size() * times).withSeed(firstSeed);
  }

  /**
   * Holds what was made of the prompts against the training images, on the filled pixels alone.
   *
   * @param result images of {@link #request()}, all or those that were delivered
   * @param filled what was filled
   * @param rule what counts as a copy
   * @return the images that are copies
   */
  public List<Copy> copies(SampleResult result, Mask filled, ReplicaRule rule) {
    ReplicaFinder finder = new ReplicaFinder(rule, FilledPixels.of(training, filled));
    return finder.examine(FilledPixels.of(result.images(), filled)).replicas().stream()
        .map(match -> copy(match, result))
        .toList();
  }

  private Copy copy(ReplicaRule.Match match, SampleResult result) {
    long prompt = (result.report(match.image()).seed() - firstSeed) / times;
    return new Copy(match.nearest() == prompt, result.report(match.image()).recognised());
  }

  /**
   * A copy of a training image.
   *
   * @param own whether of the one that was the prompt
   * @param recognised whether the protection recognised it when it was finished
   */
  public record Copy(boolean own, boolean recognised) {}
}
