package io.github.cpsample.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PlaneResizerTest {

  private static final double ROUNDING = 1e-12;

  /** The example in the documentation of torch.nn.Upsample. */
  @Test
  void bilinearIsThatOfPyTorch() {
    double[] expected = {
      1, 1.25, 1.75, 2, 1.5, 1.75, 2.25, 2.5, 2.5, 2.75, 3.25, 3.5, 3, 3.25, 3.75, 4
    };
    assertArrayEquals(
        expected, PlaneResizer.bilinear(2, 2, 4, 4).resize(new double[] {1, 2, 3, 4}), ROUNDING);
  }

  @Test
  void bilinearShrinksWithoutLookingAtAllPixels() {
    // By 3, the centres lie on pixels 1 and 4; by 2, between two pixels.
    double[] row = {9, 1, 9, 9, 2, 9};
    assertArrayEquals(new double[] {1, 2}, PlaneResizer.bilinear(1, 6, 1, 2).resize(row), ROUNDING);
    assertArrayEquals(
        new double[] {0.5, 6},
        PlaneResizer.bilinear(4, 1, 2, 1).resize(new double[] {0, 1, 2, 10}),
        ROUNDING);
  }

  @Test
  void bicubicOvershootsByKeysWeights() {
    // Weights at a quarter and at one and a quarter pixel: 0.8671875 and -0.0703125; at three
    // quarters 0.2265625. What lies beyond the edge is left out, and the rest sums to 1.
    double near = 0.8671875;
    double far = -0.0703125;
    double middle = 0.2265625;
    double[] expected = {
      far / (near + far), middle / (near + middle), near / (near + middle), near / (near + far)
    };
    assertArrayEquals(
        expected, PlaneResizer.bicubic(1, 2, 1, 4).resize(new double[] {0, 1}), ROUNDING);
    assertArrayEquals(
        expected, PlaneResizer.bicubic(2, 1, 4, 1).resize(new double[] {0, 1}), ROUNDING);
  }

  @Test
  void bicubicShrinksWithAllPixels() {
    double[] spike = new double[60];
    spike[31] = 1;
    double[] shrunk = PlaneResizer.bicubic(1, 60, 1, 6).resize(spike);
    assertEquals(1 / 10.0, shrunk[2] + shrunk[3] + shrunk[1] + shrunk[4], 2e-3);
    assertArrayEquals(
        new double[6], PlaneResizer.bilinear(1, 60, 1, 6).resize(spike), "it is not looked at");
  }

  @Test
  void theSameSizeGivesTheSameValues() {
    double[] plane = new Random(1).doubles(15).toArray();
    assertArrayEquals(plane, PlaneResizer.bilinear(3, 5, 3, 5).resize(plane), ROUNDING);
    assertArrayEquals(plane, PlaneResizer.bicubic(3, 5, 3, 5).resize(plane), ROUNDING);
  }

  @Test
  void refusesOtherSizes() {
    assertThrows(IllegalArgumentException.class, () -> PlaneResizer.bilinear(0, 1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> PlaneResizer.bicubic(1, 1, 1, 0));
    PlaneResizer resizer = PlaneResizer.bicubic(2, 2, 3, 3);
    assertThrows(IllegalArgumentException.class, () -> resizer.resize(new double[5]));
  }
}
