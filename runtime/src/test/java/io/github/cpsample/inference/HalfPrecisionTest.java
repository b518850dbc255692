package io.github.cpsample.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** float16 as IEEE 754 defines it: every number, and every border between two. */
class HalfPrecisionTest {
  private static final int LARGEST = 0x7bff;

  private final TensorBuffer tensor = TensorBuffer.of(TensorType.FLOAT16, 1);

  /** The value of a pattern below infinity: sign, 5 bits of exponent, 10 of fraction. */
  private static double value(int bits) {
    int exponent = (bits >> 10) & 31;
    double fraction = (bits & 1023) / 1024.0;
    double size =
        exponent == 0 ? fraction * Math.pow(2, -14) : (1 + fraction) * Math.pow(2, exponent - 15);
    return (bits & 0x8000) == 0 ? size : -size;
  }

  private double stored(float value) {
    tensor.values().put(0, value);
    return tensor.values().get(0);
  }

  @Test
  void everyNumberIsKept() {
    for (int bits = 0; bits <= LARGEST; bits++) {
      double value = value(bits);
      tensor.memory().putShort(0, (short) bits);
      assertEquals(value, tensor.values().get(0));
      assertEquals(value, stored((float) value));
      assertEquals(-value, stored((float) -value));
    }
  }

  @Test
  void whatLiesBetweenRoundsToTheNearestAndHalfwayToEven() {
    for (int bits = 0; bits < LARGEST; bits++) {
      double low = value(bits);
      double high = value(bits + 1);
      float middle = (float) ((low + high) / 2);
      assertEquals(bits % 2 == 0 ? low : high, stored(middle), "halfway above " + low);
      assertEquals(low, stored(Math.nextDown(middle)));
      assertEquals(high, stored(Math.nextUp(middle)));
      assertEquals(-high, stored(-Math.nextUp(middle)));
    }
  }

  @Test
  void whatIsTooLargeIsInfiniteAndNaNStays() {
    assertEquals(65504, stored(Math.nextDown(65520f)));
    assertEquals(Double.POSITIVE_INFINITY, stored(65520));
    assertEquals(Double.NEGATIVE_INFINITY, stored(-Float.MAX_VALUE));
    assertEquals(Double.POSITIVE_INFINITY, stored(Float.POSITIVE_INFINITY));
    assertTrue(Double.isNaN(stored(Float.NaN)));
    assertTrue(Double.isNaN(stored(Float.intBitsToFloat(0x7f800001))));
    assertEquals(0, stored(Float.MIN_VALUE));
  }
}
