package io.github.cpsample.evaluation.replication;

import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.image.NearestNeighbours;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Asks a {@link HnswIndex} for candidates and compares those with the query exactly. Rows of more
 * than {@value #AXES} numbers are indexed by their {@link PrincipalAxes}. Rows are read from where
 * they are; memory holds none of them.
 */
final class HnswSearch implements NearestSearch {

  /** The largest number of numbers per row in the index. */
  private static final int AXES = 128;

  private final RowSource rows;
  private final int candidates;
  private final Optional<PrincipalAxes> axes;
  private final HnswIndex index;

  /**
   * Builds the index.
   *
   * @param rows at least two different ones
   * @param folder for the index, empty or not there yet; left to the caller
   * @param settings how many candidates, and the seed
   * @throws IOException if the folder cannot be written
   */
  HnswSearch(RowSource rows, Path folder, SearchSettings settings) throws IOException {
    this.rows = rows;
    this.candidates = Math.min(settings.candidates(), rows.size());
    this.axes =
        rows.width() > AXES
            ? Optional.of(PrincipalAxes.of(rows, AXES, settings.seed()))
            : Optional.empty();
    this.index = HnswIndex.build(folder, rows.size(), i -> shorten(rows.rows(i, i + 1)[0]));
  }

  private float[] shorten(float[] row) {
    return axes.map(it -> it.shorten(row)).orElse(row);
  }

  @Override
  public List<List<NearestNeighbours.Neighbour>> find(float[][] queries, int count) {
    return Arrays.stream(queries).parallel().map(query -> find(query, count)).toList();
  }

  private List<NearestNeighbours.Neighbour> find(float[] query, int count) {
    int[] found = propose(query, Math.max(candidates, count));
    if (found.length < count) {
      return new Scan(rows).find(new float[][] {query}, count).get(0);
    }
    float[] row = new float[rows.width()];
    return Arrays.stream(found)
        .mapToObj(
            index -> {
              rows.read(index, row, 0);
              return new NearestNeighbours.Neighbour(
                  index, NearestNeighbours.EuclideanDistance.between(query, row));
            })
        .sorted(Scan.ORDER)
        .limit(count)
        .toList();
  }

  private int[] propose(float[] query, int count) {
    try {
      return index.nearest(shorten(query), count);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String description() {
    String form =
        axes.map(it -> String.format(Locale.ROOT, "%d principal axes", it.count()))
            .orElse(rows.width() + " numbers");
    return String.format(
        Locale.ROOT,
        "approximate: %s of %s per row, %d candidates compared exactly",
        HnswIndex.DESCRIPTION,
        form,
        candidates);
  }

  @Override
  public void close() {
    index.close();
  }
}
