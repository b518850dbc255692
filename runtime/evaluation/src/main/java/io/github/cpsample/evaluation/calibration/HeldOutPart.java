package io.github.cpsample.evaluation.calibration;

import io.github.cpsample.evaluation.quality.FeatureExtractor;
import io.github.cpsample.image.NearestNeighbours;
import java.util.List;
import java.util.Optional;

/**
 * One half of the held-out images, ready to be compared with.
 *
 * @param neighbours finds the nearest of them
 * @param reference what their features and distances are like
 */
record HeldOutPart(NearestNeighbours neighbours, QualityReference reference) {

  /**
   * Prepares a half.
   *
   * @param rows at least 2 different images
   * @param features in what they are compared; empty for pixels alone
   */
  static HeldOutPart of(float[][] rows, Optional<FeatureExtractor> features) {
    NearestNeighbours neighbours = new NearestNeighbours(rows);
    double root = Math.sqrt(rows[0].length);
    List<List<NearestNeighbours.Neighbour>> found = neighbours.find(rows, 2);
    double[] toOthers = found.stream().mapToDouble(near -> near.get(1).distance() / root).toArray();
    return new HeldOutPart(
        neighbours, QualityReference.of(toOthers, features.map(extractor -> extractor.of(rows))));
  }

  /** Root mean squared difference to the nearest image, per row. */
  double[] distances(float[][] rows) {
    double root = Math.sqrt(rows[0].length);
    return neighbours.find(rows, 1).stream()
        .mapToDouble(near -> near.get(0).distance() / root)
        .toArray();
  }
}
