package io.github.cpsample.evaluation.replication;

import io.github.cpsample.evaluation.figures.SearchFigures;
import io.github.cpsample.evaluation.store.RowSource;
import io.github.cpsample.similarity.NearestNeighbours;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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
}
