package io.github.cpsample.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NearestNeighboursTest {

  @Test
  void agreesWithSortingAllDistances() {
    Random random = new Random(5);
    float[][] reference = rows(random, 53, 7);
    float[][] queries = rows(random, 20, 7);
    List<List<NearestNeighbours.Neighbour>> found =
        new NearestNeighbours(reference).find(queries, 9);
    for (int i = 0; i < queries.length; i++) {
      List<NearestNeighbours.Neighbour> expected = sorted(reference, queries[i]).subList(0, 9);
      for (int k = 0; k < 9; k++) {
        assertEquals(expected.get(k).index(), found.get(i).get(k).index());
        assertEquals(expected.get(k).distance(), found.get(i).get(k).distance(), 1e-12);
      }
    }
  }

  @Test
  void agreesWithSortingAllDistancesOverManyBlocksOfRowsAndQueries() {
    Random random = new Random(6);
    for (int dimension : new int[] {1, 3, 64, 131}) {
      float[][] reference = rows(random, 300, dimension);
      float[][] queries = rows(random, 37, dimension);
      List<List<NearestNeighbours.Neighbour>> found =
          new NearestNeighbours(reference).find(queries, 6);
      for (int i = 0; i < queries.length; i++) {
        assertSame(sorted(reference, queries[i]).subList(0, 6), found.get(i));
      }
    }
  }

  /** Distances that single precision cannot tell apart, or cannot hold. */
  @Test
  void noNeighbourIsLostToSinglePrecision() {
    Random random = new Random(7);
    for (float scale : new float[] {1e-30f, 1e-22f, 1e-4f, 0x1p60f, 0x1p80f}) {
      float[][] reference = new float[200][5];
      for (float[] row : reference) {
        for (int d = 0; d < 5; d++) {
          row[d] = scale * (1 + 1e-6f * random.nextInt(40));
        }
      }
      float[][] query = {{0, 0, 0, 0, 0}, reference[150].clone()};
      List<List<NearestNeighbours.Neighbour>> found =
          new NearestNeighbours(reference).find(query, 7);
      for (int i = 0; i < query.length; i++) {
        assertSame(sorted(reference, query[i]).subList(0, 7), found.get(i));
      }
    }
  }

  private static void assertSame(
      List<NearestNeighbours.Neighbour> expected, List<NearestNeighbours.Neighbour> found) {
    assertEquals(expected.size(), found.size());
    for (int k = 0; k < expected.size(); k++) {
      double distance = expected.get(k).distance();
      assertEquals(distance, found.get(k).distance(), 1e-12 * distance);
    }
    assertEquals(
        expected.size(), found.stream().map(NearestNeighbours.Neighbour::index).distinct().count());
  }

  @Test
  void equalDistancesComeByIndex() {
    float[][] reference = {{1}, {-1}, {1}, {0.5f}};
    List<NearestNeighbours.Neighbour> found =
        new NearestNeighbours(reference).find(new float[][] {{0}}, 4).get(0);
    assertEquals(
        List.of(3, 0, 1, 2), found.stream().map(NearestNeighbours.Neighbour::index).toList());
  }

  @Test
  void smallDistancesBetweenLargeValuesAreExact() {
    float[][] reference = {{4096.25f, 0}, {4096, 0}};
    NearestNeighbours.Neighbour nearest =
        new NearestNeighbours(reference).find(new float[][] {{4096.5f, 0}}, 1).get(0).get(0);
    assertEquals(new NearestNeighbours.Neighbour(0, 0.25), nearest);
  }

  @Test
  void meanRmseIsPerPixel() {
    NearestNeighbours neighbours = new NearestNeighbours(new float[][] {{0, 0, 0, 0}});
    assertEquals(1.5, neighbours.meanRmse(new float[][] {{1, 1, 1, 1}, {-2, 2, -2, 2}}), 1e-12);
    assertThrows(IllegalArgumentException.class, () -> neighbours.meanRmse(new float[0][]));
  }

  @Test
  void refusesWhatDoesNotFit() {
    NearestNeighbours neighbours = new NearestNeighbours(new float[][] {{0, 0}, {1, 1}});
    float[][] query = {{0, 0}};
    assertThrows(IllegalArgumentException.class, () -> neighbours.find(query, 3));
    assertThrows(IllegalArgumentException.class, () -> neighbours.find(query, 0));
    assertThrows(
        IllegalArgumentException.class, () -> neighbours.find(new float[][] {{0, 0, 0}}, 1));
    assertThrows(
        IllegalArgumentException.class, () -> neighbours.find(new float[][] {{0, Float.NaN}}, 1));
    assertThrows(IllegalArgumentException.class, () -> new NearestNeighbours(new float[0][]));
  }

  private static float[][] rows(Random random, int count, int dimension) {
    float[][] rows = new float[count][dimension];
    for (float[] row : rows) {
      for (int d = 0; d < dimension; d++) {
        row[d] = (float) random.nextGaussian();
      }
    }
    return rows;
  }

  private static List<NearestNeighbours.Neighbour> sorted(float[][] reference, float[] query) {
    List<NearestNeighbours.Neighbour> all = new ArrayList<>();
    for (int i = 0; i < reference.length; i++) {
      double sum = 0;
      for (int d = 0; d < query.length; d++) {
        sum += Math.pow((double) reference[i][d] - query[d], 2);
      }
      all.add(new NearestNeighbours.Neighbour(i, Math.sqrt(sum)));
    }
    all.sort(Comparator.comparingDouble(NearestNeighbours.Neighbour::distance));
    return all;
  }
}
