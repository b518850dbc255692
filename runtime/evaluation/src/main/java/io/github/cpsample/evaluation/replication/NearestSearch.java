package io.github.cpsample.evaluation.replication;

import io.github.cpsample.image.NearestNeighbours;
import java.util.List;

/** Finds nearest rows in Euclidean distance. May be used by several threads at once. */
interface NearestSearch extends AutoCloseable {

  /**
   * Nearest rows.
   *
   * @param queries finite rows; not modified
   * @param count how many neighbours, at most as many as there are rows
   * @return for every query its neighbours, nearest first, with their exact distances; an
   *     approximate search may miss some and have others in their place
   */
  List<List<NearestNeighbours.Neighbour>> find(float[][] queries, int count);

  /** What it is, in words. */
  String description();

  @Override
  void close();
}
