package io.github.cpsample.tools.audit.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.image.ImageShape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EmbeddingStreamTest {

  /** An embedder that doubles the first value, and remembers how many images came together. */
  private static final class Doubling implements Embedder {
    private final List<Integer> batches = new ArrayList<>();

    @Override
    public String name() {
      return "doubling";
    }

    @Override
    public String description() {
      return "doubles";
    }

    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public float[][] embed(float[][] images) {
      batches.add(images.length);
      float[][] rows = new float[images.length][1];
      for (int i = 0; i < rows.length; i++) {
        rows[i][0] = 2 * images[i][0];
      }
      return rows;
    }

    @Override
    public void close() {
      batches.clear();
    }
  }

  @Test
  void keepsTheOrderAndAtMostABatch() {
    List<Float> found = new ArrayList<>();
    try (Doubling embedder = new Doubling()) {
      EmbeddingStream stream = new EmbeddingStream(embedder, row -> found.add(row[0]));
      for (int i = 0; i < 150; i++) {
        stream.accept(new float[] {i});
      }
      assertEquals(128, found.size());
      stream.finish();
      assertEquals(List.of(64, 64, 22), embedder.batches);
    }
    for (int i = 0; i < 150; i++) {
      assertEquals(2 * i, found.get(i));
    }
  }

  @Test
  void theBuiltInOneIsForGreyImagesOf28() throws IOException {
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
