package io.github.cpsample.evaluation.replication;

import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.evaluation.statistics.ProportionInterval;
import io.github.cpsample.similarity.NearestNeighbours;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Keeps a fair sample of the queries of an approximate search with what it found (reservoir
 * sampling, Vitter 1985), and holds them against an exact search in the end. Not thread-safe.
 */
final class RecallCheck {

  /** Distances that differ by less are ties. */
  private static final double TIE = 1 + 1e-9;

  private final int capacity;
  private final long seed;
  private final Random random;
  private final List<float[]> queries = new ArrayList<>();
  private final List<List<NearestNeighbours.Neighbour>> answers = new ArrayList<>();
  private long seen;

  /**
   * What was found.
   *
   * @param nearest share of queries whose nearest row was found
   * @param next share of the nearest rows that were found, of as many as were asked for
   * @param queries how many were checked
   */
  record Recall(Interval nearest, Interval next, int queries) {}

  /**
   * No queries yet.
   *
   * @param capacity how many are kept, at least 1
   * @param seed of the choice
   */
  RecallCheck(int capacity, long seed) {
    this.capacity = capacity;
    this.seed = seed;
    this.random = new Random(seed);
  }

  /** Takes notice of a query; the row is kept, not copied. */
  void note(float[] query, List<NearestNeighbours.Neighbour> found) {
    seen++;
    if (queries.size() < capacity) {
      queries.add(query);
      answers.add(found);
      return;
    }
    long place = Math.floorMod(random.nextLong(), seen);
    if (place < capacity) {
      queries.set((int) place, query);
      answers.set((int) place, found);
    }
  }

  /** Whether there is something to check. */
  boolean isEmpty() {
    return queries.isEmpty();
  }

  /**
   * Checks.
   *
   * @param scan of the same rows
   * @return what was found
   */
  Recall against(Scan scan) {
    int count = answers.get(0).size();
    List<List<NearestNeighbours.Neighbour>> truth =
        scan.find(queries.toArray(float[][]::new), count);
    int hits = 0;
    double[] shares = new double[queries.size()];
    for (int i = 0; i < shares.length; i++) {
      List<NearestNeighbours.Neighbour> found = answers.get(i);
      List<NearestNeighbours.Neighbour> exact = truth.get(i);
      hits += within(found, exact.get(0).distance()) > 0 ? 1 : 0;
      double shared = within(found, exact.get(count - 1).distance());
      shares[i] = shared / count;
    }
    ProportionInterval interval = ProportionInterval.wilson95(hits, shares.length);
    return new Recall(
        new Interval((double) hits / shares.length, interval.low(), interval.high()),
        Bootstrap.usual(seed).mean(shares),
        shares.length);
  }

  private static int within(List<NearestNeighbours.Neighbour> found, double distance) {
    return (int) found.stream().filter(it -> it.distance() <= distance * TIE).count();
  }
}
