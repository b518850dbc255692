package io.github.cpsample.evaluation.comparators;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.diffusion.RandomMode;
import org.junit.jupiter.api.Test;

class ImageShieldTest {

  private static final double EXACT = 1e-12;

  @Test
  void oneNeighbourPushesOntoItsSphere() {
    int size = 50;
    float[][] images = new float[3][size];
    for (int i = 0; i < images.length; i++) {
      RandomMode.JAVA.open(40 + i).initial().fill(images[i], 0, size);
    }
    float[] x = images[1].clone();
    for (int i = 0; i < size; i++) {
      x[i] += (float) (0.1 * Math.cos(i));
    }
    double radius = 3;
    double[] push = new double[size];
    assertTrue(ImageShield.ofRadius(images, radius).push(x, push));
    double squares = 0;
    double along = 0;
    for (int i = 0; i < size; i++) {
      double moved = x[i] + push[i] - images[1][i];
      squares += moved * moved;
      along += moved * (x[i] - images[1][i]);
    }
    assertEquals(radius, Math.sqrt(squares), EXACT);
    assertEquals(radius * distance(x, images[1]), along, 1e-9, "straight away from it");
  }

  private static double distance(float[] a, float[] b) {
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      squares += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return Math.sqrt(squares);
  }

  /** (3 / 1 - 1) (1, 0) + (3 / 2 - 1) (0, -2), both from the place before the push. */
  @Test
  void twoNeighboursAddUp() {
    ImageShield shield = ImageShield.ofRadius(new float[][] {{-1, 0}, {0, 2}, {9, 9}}, 3);
    double[] push = {7, 7};
    assertTrue(shield.push(new float[] {0, 0}, push));
    assertArrayEquals(new double[] {2, -1}, push, EXACT);
  }

  @Test
  void nothingHappensOutsideOfAllBallsAndOnASphere() {
    ImageShield shield = ImageShield.ofRadius(new float[][] {{-1, 0}, {0, 2}}, 1);
    double[] push = {7, 7};
    assertFalse(shield.push(new float[] {0.5f, 0}, push));
    assertFalse(shield.push(new float[] {0, 0}, push), "on the sphere of the first");
    assertArrayEquals(new double[] {7, 7}, push, "left alone");
  }

  @Test
  void equalTrainingImagesPushOnce() {
    float[][] twice = {{-1, 0}, {-1, 0}, {5, 5}};
    ImageShield shield = ImageShield.ofRadius(twice, 3);
    double[] push = new double[2];
    assertEquals(2, shield.size());
    assertTrue(shield.push(new float[] {0, 0}, push));
    assertArrayEquals(new double[] {2, 0}, push, EXACT);
  }

  @Test
  void noDirectionLeadsAwayFromAnEqualImage() {
    ImageShield shield = ImageShield.ofRadius(new float[][] {{0, 0}, {0, 2}}, 3);
    double[] push = new double[2];
    assertTrue(shield.push(new float[] {0, 0}, push), "the other one pushes");
    assertArrayEquals(new double[] {0, -1}, push, EXACT);
  }

  @Test
  void theRadiusIsAShareOfTheMedianDistanceToTheNearestOther() {
    float[][] four = {{0}, {1}, {3}, {7}, {7}};
    assertEquals(0.6 * 1.5, ImageShield.ofShare(four, 0.6).radius(), EXACT, "of 1, 1, 2, 4");
    assertEquals(0.5, ImageShield.ofShare(new float[][] {{0}, {1}, {9}}, 0.5).radius(), EXACT);
  }

  @Test
  void refusesTrainingImagesThatDoNotDiffer() {
    for (float[][] few : new float[][][] {{}, {{1, 2}}, {{1, 2}, {1, 2}}}) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> ImageShield.ofShare(few, 0.5));
      assertTrue(e.getMessage().contains("at least 2 that differ"), e.getMessage());
    }
  }
}
