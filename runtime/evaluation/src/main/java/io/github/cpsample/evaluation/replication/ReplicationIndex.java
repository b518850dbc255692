package io.github.cpsample.evaluation.replication;

import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.figures.SearchFigures;
import io.github.cpsample.evaluation.statistics.RowSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The training images, ready to be searched in pixels and in the features of embedders. Training
 * images that are equal in pixels count once, everywhere. Small sets are copied into memory; of
 * large ones an index is kept in a folder of its own, which is removed at {@link #close}. Belongs
 * to one thread; searches use all cores.
 */
public final class ReplicationIndex implements AutoCloseable {

  private static final String FOLDER = "search";

  private final Path folder;
  private final List<SpaceSearch> searches;

  private ReplicationIndex(Path folder, List<SpaceSearch> searches) {
    this.folder = folder;
    this.searches = searches;
  }

  /**
   * Checks, before anything that takes long, that there are enough training images to search.
   *
   * @param pixels of the training images
   * @throws IllegalArgumentException if fewer than six differ and are not zero
   */
  public static void requireEnough(RowSource pixels) {
    DistinctIndices.requireEnough(new Space(Space.PIXELS, pixels), SpaceSearch.NEIGHBOURS);
  }

  /**
   * Prepares the searches. Takes minutes where an index of many images is built; the folder then
   * holds the pixels of all training images until {@link #close}, or until the next index is opened
   * there if this process is killed.
   *
   * @param parent an existing folder, in which a folder {@code search} is made anew
   * @param spaces pixels first, then one per embedder; with as many rows each
   * @param settings which searches
   * @return the index, which the caller closes
   * @throws IOException if the folder cannot be written
   * @throws IllegalArgumentException if the numbers of rows differ, fewer than six of them differ
   *     or one is not finite
   */
  public static ReplicationIndex open(Path parent, List<Space> spaces, SearchSettings settings)
      throws IOException {
    Space pixels = spaces.get(0);
    int size = pixels.training().size();
    for (Space space : spaces) {
      if (space.training().size() != size) {
        throw new IllegalArgumentException(
            space.name()
                + ": expected a row for each of "
                + size
                + " training images, found "
                + space.training().size());
      }
    }
    int[] distinct = DistinctIndices.of(pixels, IntStream.range(0, size).toArray());
    Path folder = parent.resolve(FOLDER);
    remove(folder);
    ReplicationIndex index = new ReplicationIndex(folder, new ArrayList<>());
    try {
      for (int i = 0; i < spaces.size(); i++) {
        Path own = folder.resolve(Integer.toString(i));
        TrainingRows rows =
            TrainingRows.open(spaces.get(i), distinct, own.resolve("rows"), settings);
        index.searches.add(SpaceSearch.open(rows, own, settings));
      }
      return index;
    } catch (IOException | RuntimeException e) {
      try (index) {
        throw e;
      }
    }
  }

  /**
   * Holds images against the training images.
   *
   * @param images their rows, one source per space in the order of the spaces
   * @param from the first image
   * @param to the one after the last; all rows between are in memory at once
   * @return one match per image
   * @throws IllegalArgumentException if rows do not fit or are not finite
   */
  public List<ImageMatch> examine(List<RowSource> images, int from, int to) {
    Checks.argument(
        images.size() == searches.size(),
        "images",
        "rows in " + searches.size() + " spaces",
        images.size());
    List<List<SpaceMatch>> found = new ArrayList<>();
    for (int i = 0; i < searches.size(); i++) {
      found.add(searches.get(i).examine(images.get(i).rows(from, to)));
    }
    return IntStream.range(0, to - from)
        .mapToObj(
            image -> new ImageMatch(found.stream().map(matches -> matches.get(image)).toList()))
        .toList();
  }

  /**
   * How the searches went so far. Where they are approximate, some of the images that were examined
   * are compared with all training images now.
   *
   * @return two per space
   */
  public List<SearchFigures> searches() {
    return searches.stream().flatMap(search -> search.figures().stream()).toList();
  }

  /**
   * Frees memory and removes the folder.
   *
   * @throws IOException if a file cannot be removed
   */
  @Override
  public void close() throws IOException {
    try {
      for (SpaceSearch search : searches) {
        search.close();
      }
    } finally {
      remove(folder);
    }
  }

  private static void remove(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
