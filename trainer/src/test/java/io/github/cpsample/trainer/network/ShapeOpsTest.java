package io.github.cpsample.trainer.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShapeOpsTest {

  private static final TensorShape IMAGE = TensorShape.of(TensorShape.BATCH, 4, 6, 8);

  @Test
  void countsMultiplicationsOfConvolutionsAndProducts() {
    ShapeOps ops = new ShapeOps();
    TensorShape h = ops.conv2d(IMAGE, TensorShape.of(5, 4, 3, 3), TensorShape.of(5), 2, 1);
    assertEquals(TensorShape.of(TensorShape.BATCH, 5, 3, 4), h);
    assertEquals(5 * 3 * 4 * 4 * 9, ops.multiplications());
    TensorShape flat = ops.reshape(h, 60);
    ops.linear(flat, TensorShape.of(7, 60), TensorShape.of(7));
    assertEquals(5 * 3 * 4 * 4 * 9 + 420, ops.multiplications());
    TensorShape rows = ops.reshape(h, 5, 12);
    assertEquals(TensorShape.of(TensorShape.BATCH, 5, 5), ops.matmul(rows, ops.transpose(rows)));
    assertEquals(5 * 3 * 4 * 4 * 9 + 420 + 5 * 5 * 12, ops.multiplications());
  }

  @Test
  void everyNetworkKeepsOrFlattensTheImageShape() {
    for (SampleNetworks.Named sample : SampleNetworks.all()) {
      TensorShape output = ShapeOps.output(sample.network());
      assertEquals(TensorShape.BATCH, output.axis(0));
      if (sample.network() instanceof UNet) {
        int[] image = sample.network().imageShape();
        assertEquals(TensorShape.of(TensorShape.BATCH, image[0], image[1], image[2]), output);
      }
    }
  }

  @Test
  void theFeaturesUseTheFirstParametersOfTheClassifier() {
    ImageClassifier classifier = new ImageClassifier(1, 8, 8, 4);
    List<ParameterSpec> all = ShapeOps.describe(classifier).parameters();
    List<ParameterSpec> features = ShapeOps.describe(classifier.features()).parameters();
    assertEquals(features, all.subList(0, features.size()));
    assertTrue(features.size() < all.size());
  }

  @Test
  void refusesPartsThatDoNotFit() {
    ShapeOps ops = new ShapeOps();
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> ops.conv2d(IMAGE, TensorShape.of(5, 3, 3, 3), TensorShape.of(5), 1, 1));
    assertTrue(refusal.getMessage().contains("as many channels as the weight has"));
    assertThrows(IllegalArgumentException.class, () -> ops.reshape(IMAGE, 7));
    assertThrows(IllegalArgumentException.class, () -> ops.add(IMAGE, TensorShape.of(1, 3, 1, 1)));
  }

  @Test
  void refusesConfigurationsThatCannotBeBuilt() {
    IllegalArgumentException size =
        assertThrows(
            IllegalArgumentException.class,
            () -> new UNetConfig(1, 30, 28, 2, List.of(16, 32), 1, List.of(), 16, 8, 0));
    assertTrue(size.getMessage().contains("divisible"), size.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> new ClassifierConfig(1, 28, 28, 2, List.of(24), 1, 16, 8));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ClassifierConfig(0, 28, 28, 2, List.of(16), 1, 16, 8));
  }
}
