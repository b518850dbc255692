package io.github.cpsample.evaluation.replication;

import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.figures.SearchFigures;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.evaluation.store.SelectedRows;
import io.github.cpsample.image.NearestNeighbours;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.image.Rows;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The search in one space by both measures. Belongs to one thread. */
final class SpaceSearch implements Closeable {

  /** How many neighbours the ratio needs. */
  static final int NEIGHBOURS = ReplicaRule.STANDARD.neighbours() + 1;

  private final TrainingRows training;
  private final int[] directed;
  private final MeteredSearch byDistance;
  private final MeteredSearch byCosine;

  private SpaceSearch(
      TrainingRows training, int[] directed, MeteredSearch byDistance, MeteredSearch byCosine) {
    this.training = training;
    this.directed = directed;
    this.byDistance = byDistance;
    this.byCosine = byCosine;
  }

  /**
   * Prepares the searches.
   *
   * @param training what is searched; closed with the search, or if this fails
   * @param folder for indices, made where they are needed
   * @param settings which searches
   * @return the search, which the caller closes
   * @throws IOException if the folder cannot be written
   * @throws IllegalArgumentException if there are too few different training images
   */
  static SpaceSearch open(TrainingRows training, Path folder, SearchSettings settings)
      throws IOException {
    try {
      int[] directed = training.directed(NEIGHBOURS);
      RowSource rows = training.rows();
      RowSource directions = new Directions(new SelectedRows(rows, directed));
      MeteredSearch byDistance =
          MeteredSearch.open(
              training.space(), Measure.L2.label(), rows, folder.resolve("l2"), settings);
      try {
        MeteredSearch byCosine =
            MeteredSearch.open(
                training.space(),
                Measure.COSINE.label(),
                directions,
                folder.resolve("cosine"),
                settings);
        return new SpaceSearch(training, directed, byDistance, byCosine);
      } catch (IOException | RuntimeException e) {
        byDistance.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      training.close();
      throw e;
    }
  }

  /** The nearest training images of every row. */
  List<SpaceMatch> examine(float[][] rows) {
    if (rows.length == 0) {
      return List.of();
    }
    int width = Rows.requireFinite(training.space() + " of images", rows, 1);
    Checks.argument(
        width == training.rows().width(),
        training.space() + " of images",
        "rows of " + training.rows().width() + " numbers",
        width);
    List<List<NearestNeighbours.Neighbour>> near = byDistance.find(rows, NEIGHBOURS);
    float[][] directions =
        Arrays.stream(rows).filter(Directions::has).map(Directions::of).toArray(float[][]::new);
    List<List<NearestNeighbours.Neighbour>> alike = byCosine.find(directions, NEIGHBOURS);
    List<SpaceMatch> matches = new ArrayList<>(rows.length);
    int next = 0;
    for (int i = 0; i < rows.length; i++) {
      int nearest = near.get(i).get(0).index();
      int byAngle = nearest;
      double cosine = 0;
      if (Directions.has(rows[i])) {
        byAngle = directed[alike.get(next++).get(0).index()];
        cosine = Directions.cosine(rows[i], training.rows().rows(byAngle, byAngle + 1)[0]);
      }
      matches.add(
          new SpaceMatch(
              training.space(),
              training.original(nearest),
              near.get(i).get(0).distance(),
              ratio(near.get(i)),
              training.original(byAngle),
              cosine));
    }
    return matches;
  }

  private static double ratio(List<NearestNeighbours.Neighbour> near) {
    double next =
        near.stream()
            .skip(1)
            .mapToDouble(NearestNeighbours.Neighbour::distance)
            .average()
            .orElseThrow();
    return next > 0 ? near.get(0).distance() / next : 1;
  }

  /** How the searches went. */
  List<SearchFigures> figures() {
    return List.of(byDistance.figures(), byCosine.figures());
  }

  @Override
  public void close() throws IOException {
    try {
      byDistance.close();
    } finally {
      try {
        byCosine.close();
      } finally {
        training.close();
      }
    }
  }
}
