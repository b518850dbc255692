package io.github.cpsample.evaluation.replication;

import io.github.cpsample.image.NearestNeighbours;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Rows of numbers to search in, and the plainest search. */
final class TestRows {

  private TestRows() {}

  /** Independent uniform numbers in [-1, 1]. */
  static float[][] uniform(int count, int width, long seed) {
    Random random = new Random(seed);
    float[][] rows = new float[count][width];
    for (float[] row : rows) {
      for (int d = 0; d < width; d++) {
        row[d] = 2 * random.nextFloat() - 1;
      }
    }
    return rows;
  }

  /** Normally distributed around 20 centres, which are 10 times as far from each other. */
  static float[][] clustered(int count, int width, long seed) {
    float[][] centres = uniform(20, width, 99);
    Random random = new Random(seed);
    float[][] rows = new float[count][width];
    for (float[] row : rows) {
      float[] centre = centres[random.nextInt(centres.length)];
      for (int d = 0; d < width; d++) {
        row[d] = centre[d] + 0.1f * (float) random.nextGaussian();
      }
    }
    return rows;
  }

  /** Nearest rows, by comparing with each. */
  static List<NearestNeighbours.Neighbour> nearest(float[][] rows, float[] query, int count) {
    return IntStream.range(0, rows.length)
        .mapToObj(i -> new NearestNeighbours.Neighbour(i, distance(rows[i], query)))
        .sorted(
            Comparator.comparingDouble(NearestNeighbours.Neighbour::distance)
                .thenComparingInt(NearestNeighbours.Neighbour::index))
        .limit(count)
        .toList();
  }

  static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += ((double) a[d] - b[d]) * ((double) a[d] - b[d]);
    }
    return Math.sqrt(sum);
  }

  static double cosine(float[] a, float[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int d = 0; d < a.length; d++) {
      ab += (double) a[d] * b[d];
      aa += (double) a[d] * a[d];
      bb += (double) b[d] * b[d];
    }
    return ab / (Math.sqrt(aa) * Math.sqrt(bb));
  }
}
