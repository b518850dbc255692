package io.github.cpsample.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BundledFashionMnistTest {

  private static final int MEBIBYTE = 1 << 20;

  @Test
  void theSetsShareNoImage() {
    Set<List<Float>> seen = new HashSet<>();
    int images = 0;
    for (ImageDataset set : sets()) {
      for (int i = 0; i < set.size(); i++) {
        List<Float> pixels = new ArrayList<>();
        for (float value : DataFiles.read(set, i)) {
          assertTrue(value >= -1 && value <= 1);
          pixels.add(value);
        }
        seen.add(pixels);
        images++;
      }
    }
    assertEquals(400 + 2000 + 2000 + 10_000, images);
    assertEquals(images, seen.size());
  }

  @Test
  void classesAlternate() {
    for (ImageDataset set : sets()) {
      for (int i = 0; i < set.size(); i++) {
        assertEquals(i % 10, set.label(i).orElseThrow());
      }
    }
    assertEquals(10, BundledFashionMnist.CLASS_NAMES.size());
  }

  @Test
  void aLargerTrainingSetBeginsWithASmallerOne() {
    ImageDataset small = BundledFashionMnist.trainingImages(24);
    ImageDataset large = BundledFashionMnist.trainingImages(48);
    assertEquals(24, small.size());
    for (int i = 0; i < 24; i++) {
      assertEquals(
          FloatBuffer.wrap(DataFiles.read(small, i)), FloatBuffer.wrap(DataFiles.read(large, i)));
    }
    assertThrows(IllegalArgumentException.class, () -> BundledFashionMnist.trainingImages(401));
    assertThrows(IllegalArgumentException.class, () -> BundledFashionMnist.trainingImages(0));
  }

  @Test
  void filesAreSmallAndComeWithTheirNotice() throws IOException {
    for (String set : List.of("train", "embedder", "heldout", "public")) {
      int most = set.equals("public") ? 5 * MEBIBYTE : MEBIBYTE;
      assertTrue(resource(set + "-images-idx3-ubyte.gz").length < most);
      assertTrue(resource(set + "-labels-idx1-ubyte.gz").length < MEBIBYTE);
    }
    String notice = new String(resource("LICENSE"), StandardCharsets.UTF_8);
    assertTrue(notice.contains("2017 Zalando SE"), notice);
  }

  private static List<ImageDataset> sets() {
    return List.of(
        BundledFashionMnist.trainingImages(400),
        BundledFashionMnist.embedderImages(),
        BundledFashionMnist.heldOutImages(),
        BundledFashionMnist.publicImages());
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = BundledFashionMnist.class.getResourceAsStream("fashion-mnist/" + name)) {
      return in.readAllBytes();
    }
  }
}
