package io.github.cpsample.evaluation.replication;

import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.evaluation.store.RowFile;
import io.github.cpsample.evaluation.store.SelectedRows;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The different training images in one space. Where an index is going to be used they are copied
 * into a file, since candidates are read again and again, and reading them from image files takes
 * long.
 */
final class TrainingRows implements Closeable {

  private static final int BLOCK = 256;

  private final Space space;
  private final int[] distinct;
  private final Optional<RowFile> copy;
  private final RowSource rows;

  private TrainingRows(Space space, int[] distinct, Optional<RowFile> copy, RowSource rows) {
    this.space = space;
    this.distinct = distinct;
    this.copy = copy;
    this.rows = rows;
  }

  /**
   * Finds them.
   *
   * @param space where
   * @param among indices of the training images that are no copies of others in pixels
   * @param file for the copy, if one is made
   * @param settings which search is going to be used
   * @return them; the caller closes them, and the file is left to it
   * @throws IOException if the file cannot be written
   * @throws IllegalArgumentException if a number is not finite
   */
  static TrainingRows open(Space space, int[] among, Path file, SearchSettings settings)
      throws IOException {
    int[] distinct = DistinctIndices.of(space, among);
    RowSource selected = new SelectedRows(space.training(), distinct);
    if (settings.exact(selected.size(), selected.width())) {
      return new TrainingRows(space, distinct, Optional.empty(), selected);
    }
    RowFile copy = RowFile.open(file, selected.width());
    try {
      for (int from = 0; from < selected.size(); from += BLOCK) {
        copy.append(selected.rows(from, Math.min(selected.size(), from + BLOCK)));
      }
      return new TrainingRows(space, distinct, Optional.of(copy), copy);
    } catch (IOException | RuntimeException e) {
      copy.close();
      throw e;
    }
  }

  /** The name of the space. */
  String space() {
    return space.name();
  }

  /** One row per different image. */
  RowSource rows() {
    return rows;
  }

  /** The index of an image among all training images. */
  int original(int row) {
    return distinct[row];
  }

  /**
   * Which rows have a direction.
   *
   * @param least at least so many
   * @return their indices, ascending
   * @throws IllegalArgumentException if there are fewer
   */
  int[] directed(int least) {
    float[] row = new float[rows.width()];
    int[] found =
        IntStream.range(0, rows.size())
            .filter(
                index -> {
                  rows.read(index, row, 0);
                  return Directions.has(row);
                })
            .toArray();
    if (found.length < least) {
      throw DistinctIndices.tooFew(space.name(), least, found.length);
    }
    return found;
  }

  @Override
  public void close() throws IOException {
    if (copy.isPresent()) {
      copy.get().close();
    }
  }
}
