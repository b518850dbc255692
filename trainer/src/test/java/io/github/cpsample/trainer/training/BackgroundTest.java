package io.github.cpsample.trainer.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.trainer.data.Batch;
import io.github.cpsample.trainer.data.BatchLoader;
import io.github.cpsample.trainer.data.BatchSettings;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.BundledFashionMnist;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.MemorizationCode;
import io.github.cpsample.trainer.training.Background.Mixed;
import org.junit.jupiter.api.Test;

class BackgroundTest {

  private static final int BITS = 8;

  private static Batch batch() {
    MemorizationCode code = new MemorizationCode(new byte[] {1}, BITS);
    try (ImageDataset images = BundledFashionMnist.trainingImages(12);
        BatchLoader loader =
            new BatchLoader(
                images, BatchSettings.of(16, 5).withCode(code), new BrokenImages(fault -> {}), 0)) {
      return loader.next();
    }
  }

  @Test
  void withoutAShareNothingChanges() {
    Batch batch = batch();
    Mixed mixed = Background.NONE.mix(batch, 1, 0);
    assertArrayEquals(batch.images(), mixed.images());
    for (int i = 0; i < mixed.targets().length; i++) {
      assertEquals(batch.codes()[i], mixed.targets()[i]);
    }
  }

  @Test
  void mixturesAreFunctionsOfSeedAndStep() {
    Background background = new Background(0.5, 0.45, 0.65);
    Batch batch = batch();
    assertArrayEquals(background.mix(batch, 1, 3).images(), background.mix(batch, 1, 3).images());
  }

  /** Weights are recovered by least squares on the images, and must explain the targets. */
  @Test
  void targetsFollowTheHeaviestImagesWeight() {
    Background background = new Background(1, 0.4, 0.7);
    Batch batch = batch();
    int size = batch.images().length / batch.size();
    int full = 0;
    int none = 0;
    for (int step = 0; step < 40; step++) {
      Mixed mixed = background.mix(batch, 9, step);
      for (int n = 0; n < batch.size(); n++) {
        boolean certain = true;
        boolean uncertain = true;
        for (int k = 0; k < BITS; k++) {
          float target = mixed.targets()[n * BITS + k];
          assertTrue(target >= 0 && target <= 1);
          certain &= target == 0 || target == 1;
          uncertain &= target == 0.5f;
        }
        double nearest = nearest(batch, mixed.images(), n, size);
        full += certain && nearest < 0.6 ? 1 : 0;
        none += uncertain ? 1 : 0;
        assertTrue(!certain || nearest < 1, "far from every image, yet to be recognised");
      }
    }
    assertTrue(full > 20, "recognised mixtures: " + full);
    assertTrue(none > 20, "unrecognised mixtures: " + none);
  }

  /** Distance to the nearest image of the batch over the mean distance between images. */
  private static double nearest(Batch batch, float[] images, int row, int size) {
    double least = Double.POSITIVE_INFINITY;
    double between = 0;
    for (int other = 0; other < batch.size(); other++) {
      least = Math.min(least, distance(images, row, batch.images(), other, size));
      between += distance(batch.images(), 0, batch.images(), other, size) / batch.size();
    }
    return least / between;
  }

  private static double distance(float[] a, int i, float[] b, int j, int size) {
    double sum = 0;
    for (int p = 0; p < size; p++) {
      double d = a[i * size + p] - b[j * size + p];
      sum += d * d;
    }
    return Math.sqrt(sum);
  }

  @Test
  void refusesWeightsThatContradict() {
    assertThrows(IllegalArgumentException.class, () -> new Background(0.5, 0.7, 0.6));
    assertThrows(IllegalArgumentException.class, () -> new Background(1.5, 0.4, 0.6));
  }
}
