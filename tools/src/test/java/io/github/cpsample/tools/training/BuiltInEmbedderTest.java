package io.github.cpsample.tools.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.quality.Embedder;
import io.github.cpsample.image.ImageShape;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BuiltInEmbedderTest {

  @Test
  void isForGreyImagesOf28() throws IOException {
    assertTrue(BuiltInEmbedder.fits(new ImageShape(1, 28, 28)));
    assertFalse(BuiltInEmbedder.fits(new ImageShape(3, 28, 28)));
    float[][] images = new float[3][784];
    Random random = new Random(1);
    for (float[] image : images) {
      for (int i = 0; i < image.length; i++) {
        image[i] = 2 * random.nextFloat() - 1;
      }
    }
    try (Embedder embedder = BuiltInEmbedder.open()) {
      float[][] rows = embedder.embed(images);
      double[][] features = embedder.of(images);
      assertEquals(3, rows.length);
      assertEquals(embedder.dimension(), rows[0].length);
      assertFalse(Arrays.equals(rows[0], rows[1]));
      assertArrayEquals(new float[] {(float) features[2][5]}, new float[] {rows[2][5]});
    }
  }
}
