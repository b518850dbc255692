package io.github.cpsample.evaluation.replication;

import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.image.NearestNeighbours;
import io.github.cpsample.image.RowBlocks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Compares queries with every row, reading all rows once for all queries together and keeping a few
 * thousand of them at a time: slow, exact, and for any number of rows.
 *
 * @param rows at least one
 */
record Scan(RowSource rows) {

  /** Nearest first, equal distances by index. */
  static final Comparator<NearestNeighbours.Neighbour> ORDER =
      Comparator.comparingDouble(NearestNeighbours.Neighbour::distance)
          .thenComparingInt(NearestNeighbours.Neighbour::index);

  private static final int TOGETHER = 4096;

  /**
   * Nearest rows.
   *
   * @param queries finite rows; not modified
   * @param count how many neighbours, at most as many as there are rows
   * @return for every query its neighbours, nearest first, equal distances by index
   */
  List<List<NearestNeighbours.Neighbour>> find(float[][] queries, int count) {
    List<List<NearestNeighbours.Neighbour>> best = new ArrayList<>();
    for (int i = 0; i < queries.length; i++) {
      best.add(List.of());
    }
    for (int from = 0; from < rows.size(); from += TOGETHER) {
      int to = Math.min(rows.size(), from + TOGETHER);
      List<List<NearestNeighbours.Neighbour>> found = find(queries, count, from, to);
      for (int i = 0; i < queries.length; i++) {
        best.set(
            i,
            Stream.concat(best.get(i).stream(), found.get(i).stream())
                .sorted(ORDER)
                .limit(count)
                .toList());
      }
    }
    return best;
  }

  private List<List<NearestNeighbours.Neighbour>> find(
      float[][] queries, int count, int from, int to) {
    RowBlocks blocks = new RowBlocks(rows.width());
    for (float[] row : rows.rows(from, to)) {
      blocks.add(row);
    }
    return new NearestNeighbours(blocks)
        .find(queries, Math.min(count, to - from)).stream()
            .map(found -> found.stream().map(it -> shifted(it, from)).toList())
            .toList();
  }

  private static NearestNeighbours.Neighbour shifted(
      NearestNeighbours.Neighbour neighbour, int by) {
    return new NearestNeighbours.Neighbour(neighbour.index() + by, neighbour.distance());
  }
}
