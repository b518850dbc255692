package io.github.cpsample.guard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.ReplicaRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrainingIndexTest {

  private static final ImageShape PAIR = new ImageShape(1, 1, 2);
  private static final IndexCheck.Closeness SECOND =
      new IndexCheck.Closeness(ReplicaRule.SECOND_NEAREST, 0);

  private static TrainingIndex index(float[]... images) {
    TrainingIndex.Builder builder = TrainingIndex.builder(PAIR);
    for (int i = 0; i < images.length; i++) {
      builder.add("image " + i, images[i]);
    }
    return builder.build();
  }

  private static TrainingIndex.Match match(
      TrainingIndex index, IndexCheck.Closeness closeness, float... image) {
    return index.match(List.of(FloatImage.copyOf(PAIR, image, 0)), closeness).get(0);
  }

  /** Distances worked out by hand: root mean squares over two values. */
  @Test
  void measuresNearestSecondShareAndCosine() {
    TrainingIndex index = index(new float[] {1, 0}, new float[] {0, 1}, new float[] {-1, -1});
    TrainingIndex.Match match = match(index, SECOND, 0.5f, 0);
    assertEquals("image 0", match.name());
    assertEquals(0.5 / Math.sqrt(2), match.nearest(), 1e-12);
    assertEquals(Math.sqrt(0.25 + 1) / Math.sqrt(2), match.second(), 1e-12);
    assertEquals(match.second(), match.meanOfNext(), 0);
    assertEquals(0.5 / Math.sqrt(1.25), match.ratio(), 1e-12);
    assertTrue(match.tooClose());
    assertEquals(1, match.cosine(), 1e-12);
    TrainingIndex.Match two =
        match(index, new IndexCheck.Closeness(new ReplicaRule(0.5, 2), 0), 0.5f, 0);
    double third = Math.sqrt(1.5 * 1.5 + 1);
    assertEquals((Math.sqrt(1.25) + third) / 2 / Math.sqrt(2), two.meanOfNext(), 1e-12);
    assertEquals(two.nearest() / two.meanOfNext(), two.share(), 0);
    assertFalse(match(index, SECOND, 0.4f, 0.3f).tooClose());
    assertEquals(1, match(index, SECOND, 0.6f, 0.7f).cosine(), 1e-12);
    TrainingIndex rising = index(new float[] {0.9f, 1}, new float[] {-1, -1});
    assertEquals(-1, match(rising, SECOND, 1, 0.9f).cosine(), 1e-12);
    assertEquals(0, match(index, SECOND, 1, 1).cosine(), 0);
  }

  /** Distances worked out by hand, and the images themselves. */
  @Test
  void showsTheNearestTrainingImages() {
    TrainingIndex index = index(new float[] {-1, -1}, new float[] {0, 1}, new float[] {1, 0});
    FloatImage image = FloatImage.copyOf(PAIR, new float[] {0.5f, 0}, 0);
    List<TrainingIndex.Neighbour> nearest = index.nearest(image, 2);
    assertEquals(
        List.of("image 2", "image 1"),
        nearest.stream().map(TrainingIndex.Neighbour::name).toList());
    assertArrayEquals(new float[] {1, 0}, nearest.get(0).image().values());
    assertArrayEquals(new float[] {0, 1}, nearest.get(1).image().values());
    assertEquals(0.5 / Math.sqrt(2), nearest.get(0).distance(), 1e-12);
    assertEquals(Math.sqrt(1.25) / Math.sqrt(2), nearest.get(1).distance(), 1e-12);
    assertThrows(IllegalArgumentException.class, () -> index.nearest(image, 4));
    FloatImage other = FloatImage.copyOf(new ImageShape(1, 2, 1), new float[2], 0);
    assertThrows(IllegalArgumentException.class, () -> index.nearest(other, 1));
  }

  @Test
  void theFloorCatchesCopiesOfAnImageWithANearDuplicate() {
    TrainingIndex index = index(new float[] {0, 0}, new float[] {0.01f, 0}, new float[] {1, 1});
    assertFalse(match(index, SECOND, 0.005f, 0).tooClose());
    IndexCheck.Closeness floored = new IndexCheck.Closeness(ReplicaRule.SECOND_NEAREST, 0.05);
    assertTrue(match(index, floored, 0.005f, 0).tooClose());
    assertFalse(match(index, floored, 0.005f, 0.1f).tooClose());
    assertThrows(
        IllegalArgumentException.class, () -> new IndexCheck.Closeness(ReplicaRule.STANDARD, -1));
    assertThrows(
        IllegalArgumentException.class,
        () -> new IndexCheck.Closeness(ReplicaRule.STANDARD, Double.NaN));
  }

  @Test
  void equalImagesAreInItOnceAndHideNothing() {
    float[] copied = {0.5f, 0.5f};
    TrainingIndex index = index(copied, new float[] {-1, 1}, copied.clone(), copied.clone());
    assertEquals(2, index.size());
    assertEquals(4, index.sourceImages());
    TrainingIndex.Match match = match(index, SECOND, 0.5f, 0.5f);
    assertTrue(match.tooClose());
    assertEquals(0, match.nearest(), 0);
    assertEquals("image 0", match.name());
    assertTrue(match.second() > 1);
    assertThrows(IllegalArgumentException.class, () -> index(copied, copied.clone()));
  }

  /** Against sorting all distances. */
  @Test
  void agreesWithBruteForce() {
    ImageShape shape = new ImageShape(3, 5, 7);
    Random random = new Random(11);
    TrainingIndex.Builder builder = TrainingIndex.builder(shape);
    List<float[]> training = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      training.add(random(random, shape.size()));
      builder.add("n" + i, training.get(i));
    }
    TrainingIndex index = builder.build();
    List<FloatImage> images = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      images.add(FloatImage.copyOf(shape, random(random, shape.size()), 0));
    }
    List<TrainingIndex.Match> matches = index.match(images, IndexCheck.Closeness.STANDARD);
    for (int i = 0; i < images.size(); i++) {
      float[] image = images.get(i).values();
      List<Double> distances = training.stream().map(row -> rms(row, image)).toList();
      List<Double> sorted = new ArrayList<>(distances);
      Collections.sort(sorted);
      TrainingIndex.Match match = matches.get(i);
      assertEquals("n" + distances.indexOf(sorted.get(0)), match.name());
      assertEquals(sorted.get(0), match.nearest(), 1e-12);
      assertEquals(sorted.get(1), match.second(), 1e-12);
      double mean = sorted.subList(1, 6).stream().mapToDouble(d -> d).sum() / 5;
      assertEquals(mean, match.meanOfNext(), 1e-12);
    }
  }

  @Test
  void aSmallIndexUsesTheImagesItHas() {
    TrainingIndex index = index(new float[] {0, 0}, new float[] {1, 1});
    TrainingIndex.Match match = match(index, IndexCheck.Closeness.STANDARD, 0.2f, 0.2f);
    assertEquals(match.second(), match.meanOfNext(), 0);
    assertTrue(match.tooClose());
  }

  @Test
  void refusesWhatDoesNotFit() {
    TrainingIndex.Builder builder = TrainingIndex.builder(PAIR);
    assertThrows(IllegalArgumentException.class, () -> builder.add("a", new float[3]));
    assertThrows(
        IllegalArgumentException.class, () -> builder.add("a", new float[] {Float.NaN, 0}));
    assertThrows(IllegalArgumentException.class, () -> builder.add("", new float[2]));
    assertThrows(IllegalArgumentException.class, () -> builder.add("a\r\nb", new float[2]));
    assertThrows(IllegalArgumentException.class, () -> builder.fingerprint("no"));
    assertThrows(IllegalArgumentException.class, builder::build);
    builder.add("a", new float[] {0, 0}).add("b", new float[] {1, 1}).build();
    assertThrows(IllegalStateException.class, builder::build);
    assertThrows(IllegalStateException.class, () -> builder.add("c", new float[] {2, 2}));
    TrainingIndex index = index(new float[] {0, 0}, new float[] {1, 1});
    FloatImage other = FloatImage.copyOf(new ImageShape(1, 2, 1), new float[2], 0);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> index.match(List.of(other), IndexCheck.Closeness.STANDARD))
            .getMessage();
    assertTrue(message.contains("cpsample index"), message);
  }

  private static double rms(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.pow((double) a[i] - b[i], 2);
    }
    return Math.sqrt(sum / a.length);
  }

  private static float[] random(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }
}
