package io.github.cpsample.trainer.evaluation;

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
    List<List<Neighbour>> found = new NearestNeighbours(reference).find(queries, 9);
    for (int i = 0; i < queries.length; i++) {
      List<Neighbour> expected = sorted(reference, queries[i]).subList(0, 9);
      for (int k = 0; k < 9; k++) {
        assertEquals(expected.get(k).index(), found.get(i).get(k).index());
        assertEquals(expected.get(k).distance(), found.get(i).get(k).distance(), 1e-12);
      }
    }
  }

  @Test
  void equalDistancesComeByIndex() {
    float[][] reference = {{1}, {-1}, {1}, {0.5f}};
    List<Neighbour> found = new NearestNeighbours(reference).find(new float[][] {{0}}, 4).get(0);
    assertEquals(List.of(3, 0, 1, 2), found.stream().map(Neighbour::index).toList());
  }

  @Test
  void smallDistancesBetweenLargeValuesAreExact() {
    float[][] reference = {{4096.25f, 0}, {4096, 0}};
    Neighbour nearest =
        new NearestNeighbours(reference).find(new float[][] {{4096.5f, 0}}, 1).get(0).get(0);
    assertEquals(new Neighbour(0, 0.25), nearest);
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

  private static List<Neighbour> sorted(float[][] reference, float[] query) {
    List<Neighbour> all = new ArrayList<>();
    for (int i = 0; i < reference.length; i++) {
      double sum = 0;
      for (int d = 0; d < query.length; d++) {
        sum += Math.pow((double) reference[i][d] - query[d], 2);
      }
      all.add(new Neighbour(i, Math.sqrt(sum)));
    }
    all.sort(Comparator.comparingDouble(Neighbour::distance));
    return all;
  }
}
