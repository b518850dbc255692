package io.github.cpsample.evaluation.figures;

import io.github.cpsample.image.DistinctRows;
import io.github.cpsample.image.NearestNeighbours;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.image.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Applies a {@link ReplicaRule} to sets of images. Exact duplicates in the training set count once:
 * otherwise the copy of a training image would be the "next nearest" one and hide every replica of
 * it. Immutable and thread-safe.
 */
public final class ReplicaFinder {

  private final ReplicaRule rule;
  private final int[] distinct;
  private final NearestNeighbours training;

  /**
   * Prepares the search.
   *
   * @param rule what counts as a replica
   * @param training the training images, {@code [N][C*H*W]}; copied
   * @throws IllegalArgumentException if the training set has not more different images than the
   *     rule has neighbours, or is ragged or not finite
   */
  public ReplicaFinder(ReplicaRule rule, float[][] training) {
    this.rule = rule;
    DistinctRows rows = new DistinctRows(Rows.requireFinite("training", training, 1));
    this.distinct =
        IntStream.range(0, training.length).filter(i -> rows.add(training[i])).toArray();
    if (distinct.length <= rule.neighbours()) {
      throw new IllegalArgumentException(
          "training: expected more than "
              + rule.neighbours()
              + " different images for this rule, found "
              + distinct.length);
    }
    this.training = new NearestNeighbours(rows.rows());
  }

  /**
   * Holds images against the training set.
   *
   * @param images at least one, {@code [M][C*H*W]}; not modified
   * @return one match per image
   * @throws IllegalArgumentException if there are none or they do not fit the training images
   */
  public ReplicaReport examine(float[][] images) {
    List<List<NearestNeighbours.Neighbour>> found = training.find(images, rule.neighbours() + 1);
    List<ReplicaRule.Match> matches = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      matches.add(match(i, found.get(i)));
    }
    return new ReplicaReport(matches);
  }

  private ReplicaRule.Match match(int image, List<NearestNeighbours.Neighbour> neighbours) {
    NearestNeighbours.Neighbour nearest = neighbours.get(0);
    double meanOfNext =
        neighbours.stream()
            .skip(1)
            .mapToDouble(NearestNeighbours.Neighbour::distance)
            .average()
            .orElseThrow();
    return new ReplicaRule.Match(
        image,
        distinct[nearest.index()],
        nearest.distance(),
        meanOfNext,
        rule.isReplica(nearest.distance(), meanOfNext));
  }
}
