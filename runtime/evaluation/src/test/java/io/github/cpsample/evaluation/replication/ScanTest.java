package io.github.cpsample.evaluation.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.image.NearestNeighbours;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The scan in parts gives what a loop over all rows gives. */
class ScanTest {

  @Test
  void mergesItsParts() {
    float[][] rows = TestRows.uniform(2 * 4096 + 3, 2, 1);
    rows[5000] = rows[100].clone();
    float[][] queries = {rows[100], rows[8193], {0.5f, -0.5f}};
    List<List<NearestNeighbours.Neighbour>> found = new Scan(RowSource.of(rows)).find(queries, 6);
    for (int i = 0; i < queries.length; i++) {
      assertEquals(TestRows.nearest(rows, queries[i], 6), found.get(i));
    }
    assertEquals(
        List.of(100, 5000), found.get(0).subList(0, 2).stream().map(n -> n.index()).toList());
  }
}
