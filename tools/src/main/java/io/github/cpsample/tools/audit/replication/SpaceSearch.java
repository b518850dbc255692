package io.github.cpsample.tools.audit.replication;

import io.github.cpsample.similarity.Neighbour;
import io.github.cpsample.similarity.ReplicaRule;
import io.github.cpsample.similarity.Rows;
import io.github.cpsample.tools.audit.figures.SearchFigures;
import io.github.cpsample.tools.audit.store.RowSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The search in one space by both measures. Belongs to one thread. */
final class SpaceSearch implements AutoCloseable {

  private static final int NEIGHBOURS = ReplicaRule.STANDARD.neighbours() + 1;

  private final Space space;
  private final int[] distinct;
  private final int[] directed;
  private final MeteredSearch byDistance;
  private final MeteredSearch byCosine;

  /**
   * Prepares the searches.
   *
   * @param space where
   * @param among indices of the training images that are no copies of others in pixels
   * @param folder for indices, made where they are needed
   * @param settings which searches
   * @throws IOException if the folder cannot be written
   * @throws IllegalArgumentException if there are too few different training images, or a number is
   *     not finite
   */
  SpaceSearch(Space space, int[] among, Path folder, SearchSettings settings) throws IOException {
    this.space = space;
    this.distinct = DistinctIndices.of(space, among);
    RowSource training = space.training();
    this.directed =
        Arrays.stream(distinct)
            .filter(index -> Directions.has(training.rows(index, index + 1)[0]))
            .toArray();
    if (directed.length < NEIGHBOURS) {
      throw new IllegalArgumentException(
          space.name()
              + ": expected at least "
              + NEIGHBOURS
              + " training images that differ and are not zero, found "
              + directed.length);
    }
    this.byDistance =
        MeteredSearch.open(
            space.name(),
            Measure.L2.label(),
            new SelectedRows(training, distinct),
            folder.resolve("l2"),
            settings);
    try {
      this.byCosine =
          MeteredSearch.open(
              space.name(),
              Measure.COSINE.label(),
              new Directions(new SelectedRows(training, directed)),
              folder.resolve("cosine"),
              settings);
    } catch (IOException | RuntimeException e) {
      byDistance.close();
      throw e;
    }
  }

  /** The nearest training images of every row. */
  List<SpaceMatch> examine(float[][] rows) {
    if (rows.length == 0) {
      return List.of();
    }
    int width = Rows.requireFinite(space.name() + " of images", rows, 1);
    if (width != space.training().width()) {
      throw new IllegalArgumentException(
          space.name()
              + " of images: expected rows of "
              + space.training().width()
              + " numbers, found "
              + width);
    }
    List<List<Neighbour>> near = byDistance.find(rows, NEIGHBOURS);
    float[][] directions =
        Arrays.stream(rows).filter(Directions::has).map(Directions::of).toArray(float[][]::new);
    List<List<Neighbour>> alike = byCosine.find(directions, NEIGHBOURS);
    List<SpaceMatch> matches = new ArrayList<>(rows.length);
    int next = 0;
    for (int i = 0; i < rows.length; i++) {
      int nearest = distinct[near.get(i).get(0).index()];
      int byAngle = nearest;
      double cosine = 0;
      if (Directions.has(rows[i])) {
        byAngle = directed[alike.get(next++).get(0).index()];
        cosine = Directions.cosine(rows[i], space.training().rows(byAngle, byAngle + 1)[0]);
      }
      matches.add(
          new SpaceMatch(
              space.name(),
              nearest,
              near.get(i).get(0).distance(),
              ratio(near.get(i)),
              byAngle,
              cosine));
    }
    return matches;
  }

  private static double ratio(List<Neighbour> near) {
    double next = near.stream().skip(1).mapToDouble(Neighbour::distance).average().orElseThrow();
    return next > 0 ? near.get(0).distance() / next : 1;
  }

  /** How the searches went. */
  List<SearchFigures> figures() {
    return List.of(byDistance.figures(), byCosine.figures());
  }

  @Override
  public void close() {
    try (MeteredSearch first = byCosine) {
      byDistance.close();
    }
  }
}
