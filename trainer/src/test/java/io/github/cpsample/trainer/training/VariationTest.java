package io.github.cpsample.trainer.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.image.ImageShape;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.BundledFashionMnist;
import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class VariationTest {

  private static final ImageShape SHAPE = new ImageShape(1, 2, 3);
  private static final float[] IMAGE = {-1, 0, 1, 0.5f, 0.25f, -0.5f};

  private static CleanExamples.Variation variation(double probability) {
    return new CleanExamples.Variation(SHAPE, probability);
  }

  /** Pixel (0, 1) is 0, its neighbours weigh 1/16 at corners and 1/8 at edges; row 0 repeats. */
  @Test
  void aBlurredPixelIsTheBinomialMeanOfItsNeighbours() {
    float[] blurred = IMAGE.clone();
    variation(0).blur(blurred, 0, 1);
    double expected = (-1 + 2 * 0 + 1 + 2 * (-1 + 2 * 0 + 1) + 0.5 + 2 * 0.25 - 0.5) / 16;
    assertArrayEquals(new float[] {(float) expected}, new float[] {blurred[1]}, 1e-6f);
    float[] half = IMAGE.clone();
    variation(0).blur(half, 0, 0.5f);
    for (int i = 0; i < 6; i++) {
      assertArrayEquals(
          new float[] {(IMAGE[i] + blurred[i]) / 2}, new float[] {half[i]}, 1e-6f, "pixel " + i);
    }
  }

  @Test
  void contrastScalesDifferencesFromTheMeanAndClips() {
    float[] flat = {0.2f, 0.4f, 0.6f, 0.2f, 0.4f, 0.6f};
    variation(0).contrast(flat, 0, 0.5f);
    assertArrayEquals(new float[] {0.3f, 0.4f, 0.5f, 0.3f, 0.4f, 0.5f}, flat, 1e-6f);
    float[] full = {-1, -1, -1, 1, 1, 1};
    variation(0).contrast(full, 0, 1.2f);
    assertArrayEquals(new float[] {-1, -1, -1, 1, 1, 1}, full, 0);
    float[] latent = {-3, -3, -3, 3, 3, 3};
    variation(0).contrast(latent, 0, 0.9f);
    assertArrayEquals(new float[] {-2.7f, -2.7f, -2.7f, 2.7f, 2.7f, 2.7f}, latent, 1e-6f);
  }

  @Test
  void shiftsRepeatTheEdgeAndKeepOtherImages() {
    float[] two = {9, 9, 9, 9, 9, 9, -1, 0, 1, 0.5f, 0.25f, -0.5f};
    variation(0).shift(two, 6, 1, -1);
    assertArrayEquals(new float[] {9, 9, 9, 9, 9, 9, 0, 1, 1, 0, 1, 1}, two, 0);
  }

  @Test
  void nothingHappensWithoutProbabilityAndMuchWithIt() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    float[] same = IMAGE.clone();
    variation(0).apply(same, 0, random);
    assertArrayEquals(IMAGE, same, 0);
    int changed = 0;
    for (int i = 0; i < 50; i++) {
      float[] image = IMAGE.clone();
      variation(1).apply(image, 0, random);
      changed += Arrays.equals(image, IMAGE) ? 0 : 1;
      for (float value : image) {
        assertTrue(value >= -1 && value <= 1, "value " + value);
      }
    }
    assertTrue(changed > 45, "changed " + changed);
  }

  /** A blur of half strength with the largest change in contrast is a copy by the replica rule. */
  @Test
  void blurAndContrastStayInsideTheReplicaRule() throws Exception {
    try (var images = BundledFashionMnist.trainingImages(24)) {
      var nearness = Nearness.of(images, false, new BrokenImages(fault -> {})).orElseThrow();
      CleanExamples.Variation variation = new CleanExamples.Variation(images.shape(), 0);
      Random random = new Random(3);
      float[][] varied = new float[24][images.shape().size()];
      for (int i = 0; i < varied.length; i++) {
        images.read(i, varied[i], 0);
        variation.blur(varied[i], 0, 0.5f);
        variation.contrast(varied[i], 0, random.nextBoolean() ? 0.8f : 1.2f);
      }
      long copies =
          Arrays.stream(nearness.of(varied))
              .filter(nearest -> nearest.ratio() < Nearness.COPY)
              .count();
      assertTrue(copies >= 20, "copies " + copies + " of 24");
    }
  }
}
