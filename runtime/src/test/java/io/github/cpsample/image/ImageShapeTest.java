package io.github.cpsample.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

/** Images that are moved by whole pixels. */
class ImageShapeTest {

  @Test
  void whatComesInIsTheEdge() {
    ImageShape shape = new ImageShape(2, 2, 3);
    float[] image = {99, 1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16};
    float[] target = new float[13];
    shape.move(image, 1, 1, -1, target, 1);
    assertArrayEquals(new float[] {0, 2, 3, 3, 2, 3, 3, 12, 13, 13, 12, 13, 13}, target);
    shape.move(image, 1, -1, 0, target, 0);
    assertArrayEquals(new float[] {4, 5, 6, 4, 5, 6, 14, 15, 16, 14, 15, 16, 13}, target);
  }
}
