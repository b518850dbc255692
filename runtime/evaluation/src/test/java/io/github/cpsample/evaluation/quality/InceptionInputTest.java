package io.github.cpsample.evaluation.quality;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class InceptionInputTest {

  private static final double FLOAT = 1e-6;
  private static final int SIDE = 299;
  private static final int PLANE = SIDE * SIDE;

  /** Levels 0, 128 (0.5 is rounded up) and 255, and what lies outside of the range. */
  @ParameterizedTest
  @CsvSource({
    "PYTORCH_FID, -1, -1",
    "PYTORCH_FID, 0, 0.00392156862745098",
    "PYTORCH_FID, 1, 1",
    "PYTORCH_FID, 1.5, 1",
    "CLEAN_FID, -1, -1",
    "CLEAN_FID, 0, 0",
    "CLEAN_FID, 1, 0.9921875",
    "CLEAN_FID, -1.5, -1",
  })
  void scalesALevel(InceptionInput kind, float value, double expected) {
    float[] flat = new float[3 * 4 * 5];
    Arrays.fill(flat, value);
    float[] input = kind.of(FloatImage.copyOf(new ImageShape(3, 4, 5), flat, 0));
    assertEquals(3 * PLANE, input.length);
    for (float each : input) {
      assertEquals(expected, each, FLOAT);
    }
  }

  @Test
  void pytorchFidInterpolatesBetweenPixelCentres() {
    // Two columns, black and white: at column x the place is (x + 0.5) 2 / 299 - 0.5, from 0 to 1.
    float[] input =
        InceptionInput.PYTORCH_FID.of(
            FloatImage.copyOf(new ImageShape(1, 1, 2), new float[] {-1, 1}, 0));
    for (int x = 0; x < SIDE; x++) {
      double place = Math.max(0, Math.min(1, (x + 0.5) * 2 / SIDE - 0.5));
      assertEquals(2 * place - 1, input[7 * SIDE + x], FLOAT);
    }
  }

  @Test
  void cleanFidClipsWhatTheBicubicKernelOvershoots() {
    float[] rows = {-1, -1, -1, 1, 1, 1};
    float[] input =
        InceptionInput.CLEAN_FID.of(FloatImage.copyOf(new ImageShape(1, 6, 1), rows, 0));
    float smallest = 1;
    float largest = -1;
    for (float value : input) {
      smallest = Math.min(smallest, value);
      largest = Math.max(largest, value);
    }
    assertEquals(-1, smallest, 0);
    assertEquals(127 / 128f, largest, 0);
    // Not rounded to levels: the slope has values between them.
    int between = 0;
    for (int y = 0; y < SIDE; y++) {
      double level = input[y * SIDE] * 128.0 + 128;
      between += Math.abs(level - Math.rint(level)) > 0.01 ? 1 : 0;
    }
    assertTrue(between > 10, between + " rows between levels");
  }

  @ParameterizedTest
  @EnumSource(InceptionInput.class)
  void channelsStayApartAndGreyBecomesThree(InceptionInput kind) {
    float[] colours = {-1, -1, 0.2f, 0.2f, 1, 1};
    float[] input = kind.of(FloatImage.copyOf(new ImageShape(3, 1, 2), colours, 0));
    for (int channel = 0; channel < 3; channel++) {
      float[] grey = kind.of(FloatImage.copyOf(new ImageShape(1, 1, 2), colours, 2 * channel));
      for (int copy = 0; copy < 3; copy++) {
        assertArrayEquals(
            Arrays.copyOfRange(input, channel * PLANE, (channel + 1) * PLANE),
            Arrays.copyOfRange(grey, copy * PLANE, (copy + 1) * PLANE));
      }
    }
  }

  @Test
  void refusesLatents() {
    FloatImage latents = FloatImage.copyOf(new ImageShape(4, 2, 2), new float[16], 0);
    assertThrows(IllegalArgumentException.class, () -> InceptionInput.CLEAN_FID.of(latents));
  }
}
