package io.github.cpsample.evaluation.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.figures.ReplicaFinder;
import io.github.cpsample.evaluation.figures.SearchFigures;
import io.github.cpsample.evaluation.replication.SearchSettings.Mode;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.image.NearestNeighbours;
import io.github.cpsample.image.ReplicaRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both searches against loops, and what is refused. */
class ReplicationIndexTest {

  private static final float[][] TRAINING = TestRows.clustered(600, 24, 1);
  private static final float[][] FEATURES = TestRows.uniform(600, 10, 2);
  private static final float[][] IMAGES = TestRows.clustered(40, 24, 3);
  private static final float[][] IMAGE_FEATURES = TestRows.uniform(40, 10, 4);

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"EXACT", "APPROXIMATE"})
  void findsWhatALoopFinds(Mode mode) throws IOException {
    try (ReplicationIndex index = open(mode, TRAINING, FEATURES)) {
      List<ImageMatch> matches =
          index.examine(List.of(RowSource.of(IMAGES), RowSource.of(IMAGE_FEATURES)), 0, 40);
      assertEquals(40, matches.size());
      for (int i = 0; i < 40; i++) {
        check(matches.get(i).spaces().get(0), "pixels", TRAINING, IMAGES[i]);
        check(matches.get(i).spaces().get(1), "features", FEATURES, IMAGE_FEATURES[i]);
      }
    }
  }

  private static void check(SpaceMatch match, String space, float[][] rows, float[] image) {
    List<NearestNeighbours.Neighbour> nearest = TestRows.nearest(rows, image, 6);
    double next =
        nearest.stream()
            .skip(1)
            .mapToDouble(NearestNeighbours.Neighbour::distance)
            .average()
            .orElseThrow();
    int alike =
        IntStream.range(0, rows.length)
            .boxed()
            .max(Comparator.comparingDouble(i -> TestRows.cosine(rows[i], image)))
            .orElseThrow();
    assertEquals(space, match.space());
    assertEquals(nearest.get(0).index(), match.nearest());
    assertEquals(nearest.get(0).distance(), match.distance(), 1e-9);
    assertEquals(nearest.get(0).distance() / next, match.ratio(), 1e-9);
    assertEquals(alike, match.nearestByCosine());
    assertEquals(TestRows.cosine(rows[alike], image), match.cosine(), 1e-12);
  }

  @Test
  void agreesWithTheJudgeOfTheTrainer() throws IOException {
    List<ReplicaRule.Match> judged =
        new ReplicaFinder(ReplicaRule.STANDARD, TRAINING).examine(IMAGES).matches();
    try (ReplicationIndex index = open(Mode.AUTO, TRAINING)) {
      List<ImageMatch> matches = index.examine(List.of(RowSource.of(IMAGES)), 0, 40);
      for (int i = 0; i < 40; i++) {
        SpaceMatch match = matches.get(i).spaces().get(0);
        ReplicaRule.Match expected = judged.get(i);
        assertEquals(expected.nearest(), match.nearest());
        assertEquals(expected.distance() / expected.meanOfNext(), match.ratio(), 1e-12);
      }
    }
  }

  /** Copies neither hide a replica nor get its name; that they are copies is seen in pixels. */
  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"EXACT", "APPROXIMATE"})
  void trainingImagesThatAreEqualCountOnce(Mode mode) throws IOException {
    float[][] twice = Arrays.copyOf(TRAINING, 1200);
    float[][] roundedFeatures = Arrays.copyOf(FEATURES, 1200);
    for (int i = 0; i < 600; i++) {
      twice[600 + i] = TRAINING[i].clone();
      roundedFeatures[600 + i] = FEATURES[i].clone();
      roundedFeatures[600 + i][0] += 1e-7f;
    }
    List<RowSource> images = List.of(RowSource.of(IMAGES), RowSource.of(IMAGE_FEATURES));
    try (ReplicationIndex plain = open(mode, TRAINING, FEATURES)) {
      List<ImageMatch> expected = plain.examine(images, 0, 40);
      try (ReplicationIndex index = open(mode, twice, roundedFeatures)) {
        assertEquals(expected, index.examine(images, 0, 40));
        assertEquals(600, index.searches().get(2).trainingImages());
      }
    }
  }

  @Test
  void anImageWithoutDirectionHasNoCosine() throws IOException {
    float[][] training = TestRows.uniform(20, 4, 5);
    training[7] = new float[] {0, -0.0f, 0, 0};
    float[][] images = {new float[4], {0.1f, 0, 0, 0}};
    try (ReplicationIndex index = open(Mode.EXACT, training)) {
      List<ImageMatch> matches = index.examine(List.of(RowSource.of(images)), 0, 2);
      SpaceMatch zero = matches.get(0).spaces().get(0);
      assertEquals(7, zero.nearest());
      assertEquals(0, zero.distance());
      assertEquals(0, zero.ratio());
      assertEquals(0, zero.cosine());
      SpaceMatch other = matches.get(1).spaces().get(0);
      assertEquals(7, other.nearest());
      assertTrue(other.nearestByCosine() != 7);
      assertTrue(other.cosine() > 0);
    }
  }

  @Test
  void theLimitDecidesAndTheFiguresSayWhich() throws IOException {
    SearchSettings small = new SearchSettings(Mode.AUTO, 600 * 24, 50, 10, 1);
    SearchSettings smaller = new SearchSettings(Mode.AUTO, 600 * 24 - 1, 50, 10, 1);
    List<Space> spaces = List.of(new Space(Space.PIXELS, RowSource.of(TRAINING)));
    try (ReplicationIndex index = ReplicationIndex.open(folder, spaces, small)) {
      index.examine(List.of(RowSource.of(IMAGES)), 0, 40);
      SearchFigures exact = index.searches().get(0);
      assertEquals("exact", exact.search());
      assertNull(exact.recall());
      assertEquals(0, exact.queries());
      assertTrue(exact.queriesPerSecond() > 0);
    }
    try (ReplicationIndex index = ReplicationIndex.open(folder, spaces, smaller)) {
      index.examine(List.of(RowSource.of(IMAGES)), 0, 25);
      index.examine(List.of(RowSource.of(IMAGES)), 25, 40);
      List<SearchFigures> figures = index.searches();
      assertEquals(List.of("l2", "cosine"), figures.stream().map(SearchFigures::measure).toList());
      SearchFigures approximate = figures.get(0);
      assertTrue(approximate.search().contains("HNSW"), approximate.search());
      assertEquals(10, approximate.queries());
      assertEquals(1, approximate.recall().value());
      assertEquals(0.7225, approximate.recall().low(), 1e-4);
    }
  }

  @Test
  void itsFolderIsMadeAnewAndRemoved() throws IOException {
    Path own = folder.resolve("search");
    Files.createDirectories(own.resolve("0").resolve("l2"));
    Files.writeString(own.resolve("0").resolve("l2").resolve("write.lock"), "of a killed run");
    try (ReplicationIndex index = open(Mode.APPROXIMATE, TRAINING)) {
      assertTrue(Files.isDirectory(own));
      assertEquals(1, index.examine(List.of(RowSource.of(IMAGES)), 3, 4).size());
    }
    assertFalse(Files.exists(own));
  }

  @Test
  void refusesWhatIsNotFinite() throws IOException {
    float[][] broken = TestRows.uniform(10, 3, 6);
    broken[4][1] = Float.NaN;
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> open(Mode.APPROXIMATE, broken));
    assertTrue(refused.getMessage().contains("training image 4"), refused.getMessage());
    assertFalse(Files.exists(folder.resolve("search")));
    try (ReplicationIndex index = open(Mode.AUTO, TestRows.uniform(10, 3, 6))) {
      List<RowSource> images = List.of(RowSource.of(broken));
      refused = assertThrows(IllegalArgumentException.class, () -> index.examine(images, 0, 10));
      assertTrue(refused.getMessage().contains("pixels"), refused.getMessage());
    }
  }

  @Test
  void refusesTooFewDifferentImagesAndOtherWidths() throws IOException {
    float[][] five = TestRows.uniform(5, 3, 7);
    float[][] copies = {five[0], five[1], five[2], five[3], five[4], five[0].clone()};
    assertThrows(IllegalArgumentException.class, () -> open(Mode.EXACT, copies));
    assertThrows(IllegalArgumentException.class, () -> open(Mode.EXACT, TRAINING, five));
    try (ReplicationIndex index = open(Mode.AUTO, TRAINING)) {
      assertThrows(
          IllegalArgumentException.class,
          () -> index.examine(List.of(RowSource.of(IMAGE_FEATURES)), 0, 1));
      assertThrows(IllegalArgumentException.class, () -> index.examine(List.of(), 0, 1));
      assertEquals(List.of(), index.examine(List.of(RowSource.of(IMAGES)), 5, 5));
    }
  }

  private ReplicationIndex open(Mode mode, float[][]... rows) throws IOException {
    List<Space> spaces =
        IntStream.range(0, rows.length)
            .mapToObj(i -> new Space(i == 0 ? Space.PIXELS : "features", RowSource.of(rows[i])))
            .toList();
    return ReplicationIndex.open(folder, spaces, SearchSettings.usual(mode, 1));
  }
}
