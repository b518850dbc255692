package io.github.cpsample.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.figures.ReplicaFinder;
import io.github.cpsample.image.ReplicaRule;
import org.junit.jupiter.api.Test;

/** The replica rule on the images that come with the trainer. */
class GarmentReplicaTest {

  @Test
  void trainingImagesAreReplicasAndHeldOutGarmentsAreNot() {
    float[][] training = rows(BundledFashionMnist.trainingImages(48));
    ReplicaFinder finder = new ReplicaFinder(ReplicaRule.SECOND_NEAREST, training);
    assertEquals(1, finder.examine(training).rate(), 0);
    assertTrue(finder.examine(rows(BundledFashionMnist.heldOutImages())).rate() < 0.005);
  }

  private static float[][] rows(ImageDataset images) {
    BrokenImages broken = new BrokenImages(fault -> {});
    float[][] rows = InMemoryImages.load(images, broken).rows();
    assertEquals(0, broken.count());
    return rows;
  }
}
