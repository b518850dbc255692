package io.github.cpsample.evaluation.replication;

import io.github.cpsample.evaluation.store.RowSource;
import io.github.cpsample.similarity.NearestNeighbours;
import io.github.cpsample.similarity.RowBlocks;
import java.util.List;

/** Compares queries with every row, all rows being in memory. */
final class ExactSearch implements NearestSearch {

  private final NearestNeighbours neighbours;

  /**
   * Copies the rows.
   *
   * @param rows at least one
   */
  ExactSearch(RowSource rows) {
    RowBlocks blocks = new RowBlocks(rows.width());
    float[] row = new float[rows.width()];
    for (int i = 0; i < rows.size(); i++) {
      rows.read(i, row, 0);
      blocks.add(row);
    }
    this.neighbours = new NearestNeighbours(blocks);
  }

  @Override
  public List<List<NearestNeighbours.Neighbour>> find(float[][] queries, int count) {
    return neighbours.find(queries, count);
  }

  @Override
  public String description() {
    return "exact";
  }

  @Override
  public void close() {
    // The collector frees the rows.
  }
}
