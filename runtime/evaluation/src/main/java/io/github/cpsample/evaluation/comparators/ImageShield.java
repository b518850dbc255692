package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.image.DistinctRows;
import io.github.cpsample.image.NearestNeighbours;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Balls of one radius around training images, out of which images are pushed. Training images that
 * are equal count once: otherwise an image beside them would be pushed too far. Immutable.
 */
final class ImageShield {

  private static final int LEAST = 2;

  private final float[][] images;
  private final double radius;

  private ImageShield(float[][] images, double radius) {
    this.images = images;
    this.radius = radius;
  }

  /**
   * Balls of a given radius.
   *
   * @param training at least one image
   */
  static ImageShield ofRadius(float[][] training, double radius) {
    return new ImageShield(distinct(training), radius);
  }

  /**
   * Balls whose radius is a share of the median, over the training images, of the distance to the
   * nearest other one. Takes a distance per pair.
   *
   * @param training values of equal number; not modified
   * @param share positive
   * @throws IllegalArgumentException if less than 2 training images differ
   */
  static ImageShield ofShare(float[][] training, double share) {
    float[][] distinct = distinct(training);
    if (distinct.length < LEAST) {
      throw new IllegalArgumentException(
          "training images: expected at least 2 that differ, found "
              + distinct.length
              + " of "
              + training.length
              + "; SPELL takes its radius from the distances between them");
    }
    double[] nearest =
        new NearestNeighbours(distinct)
            .find(distinct, 2).stream()
                .map(found -> found.get(1))
                .mapToDouble(NearestNeighbours.Neighbour::distance)
                .sorted()
                .toArray();
    double median = (nearest[(nearest.length - 1) / 2] + nearest[nearest.length / 2]) / 2;
    return new ImageShield(distinct, share * median);
  }

  private static float[][] distinct(float[][] training) {
    List<float[]> images = new ArrayList<>();
    if (training.length > 0) {
      DistinctRows rows = new DistinctRows(training[0].length);
      Arrays.stream(training).filter(rows::add).forEach(images::add);
    }
    return images.toArray(float[][]::new);
  }

  int size() {
    return images.length;
  }

  int imageSize() {
    return images[0].length;
  }

  /** Euclidean, in the units of the images' values. */
  double radius() {
    return radius;
  }

  /**
   * Computes {@code sum over z of relu(r / |x - z| - 1) (x - z)}, all from the same x: out of one
   * ball it leads onto its sphere. An image that equals z is not pushed away from it, since no
   * direction leads away.
   *
   * @param x the image
   * @param push receives the sum; left alone where x is in no ball
   * @return whether x is in a ball
   */
  boolean push(float[] x, double[] push) {
    boolean inside = false;
    for (float[] image : images) {
      double squares = squaredDistance(x, image);
      if (squares < radius * radius && squares > 0) {
        if (!inside) {
          Arrays.fill(push, 0);
          inside = true;
        }
        double factor = radius / Math.sqrt(squares) - 1;
        for (int i = 0; i < push.length; i++) {
          push[i] += factor * ((double) x[i] - image[i]);
        }
      }
    }
    return inside;
  }

  /** Exact within the ball; beyond it, some number that is. */
  private double squaredDistance(float[] x, float[] image) {
    double squares = 0;
    for (int i = 0; i < image.length && squares < radius * radius; i++) {
      double difference = (double) x[i] - image[i];
      squares += difference * difference;
    }
    return squares;
  }
}
