package io.github.cpsample.guard;

import io.github.cpsample.image.FloatImage;
import java.util.List;
import java.util.Optional;

/**
 * Holds images against the training images. Needs no network.
 *
 * @param index the training images
 * @param closeness what is too close
 */
public record IndexCheck(TrainingIndex index, Closeness closeness) implements ImageCheck {

  /**
   * A check by the standard rule.
   *
   * @param index the training images
   * @return the check
   */
  public static IndexCheck of(TrainingIndex index) {
    return new IndexCheck(index, Closeness.STANDARD);
  }

  @Override
  public List<GuardVerdict> check(List<FloatImage> images) {
    return index.match(images, closeness).stream().map(IndexCheck::verdict).toList();
  }

  private static GuardVerdict verdict(IndexMatch match) {
    List<String> reasons =
        match.tooClose()
            ? List.of("too close to the training image " + match.describe())
            : List.of();
    return new GuardVerdict(reasons, Optional.of(match), Optional.empty());
  }
}
