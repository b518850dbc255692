package io.github.cpsample.guard;

import io.github.cpsample.base.Checks;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ReplicaRule;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
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

  private static GuardVerdict verdict(TrainingIndex.Match match) {
    List<String> reasons =
        match.tooClose()
            ? List.of("too close to the training image " + match.describe())
            : List.of();
    return new GuardVerdict(reasons, Optional.of(match), Optional.empty());
  }

  /**
   * When an image is too close to a training image: it stands out among the nearest training images
   * by the replica rule, or it is so near that it can only be the training image itself. The second
   * half is for training images that have near-duplicates among the training images: there no
   * single one stands out.
   *
   * @param rule the replica rule. If the index has fewer different images than the rule needs, the
   *     mean runs over those that there are
   * @param floor root mean square difference below which an image is too close whatever the rule
   *     says, at least 0; values are in [-1, 1], so .05 is 6 of 255 grey levels
   */
  public record Closeness(ReplicaRule rule, double floor) {

    /** The rule of docs/guide/protection.md, and a floor of .05. */
    public static final Closeness STANDARD = new Closeness(ReplicaRule.STANDARD, 0.05);

    public Closeness {
      Objects.requireNonNull(rule, "rule");
      Checks.argument(
          floor >= 0 && floor < Double.POSITIVE_INFINITY,
          "floor",
          "a root mean square difference of at least 0",
          floor);
    }

    /**
     * The decision itself.
     *
     * @param nearest root mean square difference to the nearest training image
     * @param meanOfNext mean of those to the next nearest ones
     * @return true if the image must not be passed on
     */
    public boolean isTooClose(double nearest, double meanOfNext) {
      return nearest < floor || rule.isReplica(nearest, meanOfNext);
    }

    /**
     * The rule in words, for reports.
     *
     * @return one clause
     */
    public String describe() {
      return rule.describe()
          + String.format(Locale.ROOT, ", or root mean square difference < %.4g", floor);
    }
  }
}
