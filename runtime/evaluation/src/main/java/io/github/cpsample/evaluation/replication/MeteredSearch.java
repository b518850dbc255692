package io.github.cpsample.evaluation.replication;

import io.github.cpsample.evaluation.figures.SearchFigures;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.evaluation.statistics.ProportionInterval;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.image.NearestNeighbours;
import io.github.cpsample.image.RowBlocks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The search by one measure in one space, exact or not, with its figures. Belongs to one thread.
 */
final class MeteredSearch implements AutoCloseable {

  private static final double NANOS = 1e9;

  private final String space;
  private final String measure;
  private final RowSource rows;
  private final NearestSearch search;
  private final Optional<RecallCheck> check;
  private long queries;
  private long nanos;

  private MeteredSearch(
      String space,
      String measure,
      RowSource rows,
      NearestSearch search,
      Optional<RecallCheck> check) {
    this.space = space;
    this.measure = measure;
    this.rows = rows;
    this.search = search;
    this.check = check;
  }

  /**
   * Prepares a search.
   *
   * @param space its name
   * @param measure its name
   * @param rows what is searched; read later too
   * @param folder for an index, if one is needed
   * @param settings which search
   * @throws IOException if the folder cannot be written
   */
  static MeteredSearch open(
      String space, String measure, RowSource rows, Path folder, SearchSettings settings)
      throws IOException {
    boolean exact = settings.exact(rows.size(), rows.width());
    return new MeteredSearch(
        space,
        measure,
        rows,
        exact ? new ExactSearch(rows) : new HnswSearch(rows, folder, settings),
        exact
            ? Optional.empty()
            : Optional.of(new RecallCheck(settings.checkedQueries(), settings.seed())));
  }

  /** Nearest rows of every query. */
  List<List<NearestNeighbours.Neighbour>> find(float[][] rowsOfQueries, int count) {
    long start = System.nanoTime();
    List<List<NearestNeighbours.Neighbour>> found = search.find(rowsOfQueries, count);
    nanos += System.nanoTime() - start;
    queries += rowsOfQueries.length;
    check.ifPresent(
        it -> {
          for (int i = 0; i < rowsOfQueries.length; i++) {
            it.note(rowsOfQueries[i], found.get(i));
          }
        });
    return found;
  }

  /** What it did so far; compares some queries with all rows where the search is approximate. */
  SearchFigures figures() {
    Optional<RecallCheck.Recall> recall =
        check.filter(it -> !it.isEmpty()).map(it -> it.against(new Scan(rows)));
    return new SearchFigures(
        space,
        measure,
        search.description(),
        rows.size(),
        recall.map(RecallCheck.Recall::nearest).orElse(null),
        recall.map(RecallCheck.Recall::next).orElse(null),
        recall.map(RecallCheck.Recall::queries).orElse(0),
        nanos == 0 ? 0 : queries * NANOS / nanos);
  }

  @Override
  public void close() {
    search.close();
  }

  /** Compares queries with every row, all rows being in memory. */
  private static final class ExactSearch implements NearestSearch {

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

  /**
   * Keeps a fair sample of the queries of an approximate search with what it found (reservoir
   * sampling, Vitter 1985), and holds them against an exact search in the end. Not thread-safe.
   */
  static final class RecallCheck {

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
}
