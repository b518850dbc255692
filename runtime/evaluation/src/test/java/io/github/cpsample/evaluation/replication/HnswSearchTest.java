package io.github.cpsample.evaluation.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.replication.SearchSettings.Mode;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.image.NearestNeighbours;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much of the truth the index finds, on data of known kinds. */
class HnswSearchTest {

  private static final SearchSettings SETTINGS = SearchSettings.usual(Mode.APPROXIMATE, 1);

  @TempDir private Path folder;

  @Test
  void findsTheNearestInClusters() throws IOException {
    float[][] rows = TestRows.clustered(4000, 64, 1);
    assertTrue(recall(rows, TestRows.clustered(100, 64, 2)) >= 0.98);
  }

  /** The hardest case for such an index: nothing to hold on to. */
  @Test
  void findsMostOfTheNearestInUniformNoise() throws IOException {
    float[][] rows = TestRows.uniform(4000, 32, 3);
    assertTrue(recall(rows, TestRows.uniform(100, 32, 4)) >= 0.9);
  }

  /** More numbers per row than Lucene takes; most of the variance is in few directions. */
  @Test
  void findsTheNearestAmongLongRows() throws IOException {
    float[][] rows = smooth(2000, 5);
    assertTrue(recall(rows, smooth(60, 6)) >= 0.95);
  }

  @Test
  void aRowFindsItselfAtDistanceZero() throws IOException {
    float[][] rows = TestRows.uniform(500, 200, 7);
    try (HnswSearch search = new HnswSearch(RowSource.of(rows), folder.resolve("i"), SETTINGS)) {
      List<List<NearestNeighbours.Neighbour>> found = search.find(rows, 1);
      for (int i = 0; i < rows.length; i++) {
        assertEquals(new NearestNeighbours.Neighbour(i, 0), found.get(i).get(0));
      }
    }
  }

  @Test
  void theSameRowsGiveTheSameAnswers() throws IOException {
    float[][] rows = TestRows.uniform(1500, 40, 8);
    float[][] queries = TestRows.uniform(50, 40, 9);
    SearchSettings few = new SearchSettings(Mode.APPROXIMATE, 0, 6, 10, 1);
    try (HnswSearch one = new HnswSearch(RowSource.of(rows), folder.resolve("1"), few);
        HnswSearch other = new HnswSearch(RowSource.of(rows), folder.resolve("2"), few)) {
      assertEquals(one.find(queries, 6), other.find(queries, 6));
    }
  }

  private double recall(float[][] rows, float[][] queries) throws IOException {
    int found = 0;
    try (HnswSearch search = new HnswSearch(RowSource.of(rows), folder.resolve("i"), SETTINGS)) {
      List<List<NearestNeighbours.Neighbour>> answers = search.find(queries, 6);
      for (int i = 0; i < queries.length; i++) {
        List<NearestNeighbours.Neighbour> truth = TestRows.nearest(rows, queries[i], 6);
        List<Integer> indices = truth.stream().map(NearestNeighbours.Neighbour::index).toList();
        for (NearestNeighbours.Neighbour answer : answers.get(i)) {
          int place = indices.indexOf(answer.index());
          if (place >= 0) {
            found++;
            assertEquals(truth.get(place).distance(), answer.distance(), 1e-9);
          }
        }
      }
    }
    return found / (6.0 * queries.length);
  }

  /** Mixtures of 40 waves of falling size, and a little noise. */
  private static float[][] smooth(int count, long seed) {
    Random random = new Random(seed);
    float[][] rows = new float[count][1200];
    for (float[] row : rows) {
      for (int wave = 1; wave <= 40; wave++) {
        double size = random.nextGaussian() / wave;
        for (int d = 0; d < row.length; d++) {
          row[d] += (float) (size * Math.sin(wave * 0.0026 * d));
        }
      }
      for (int d = 0; d < row.length; d++) {
        row[d] += 0.01f * (float) random.nextGaussian();
      }
    }
    return rows;
  }
}
