package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.cpsample.diffusion.RandomMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SphericalInterpolationTest {
  private static float[] mix(float[] a, float[] b, double share) {
    float[] target = a.clone();
    SampleOrigin.Interpolation.mix(target, b, share);
    return target;
  }

  /** By hand: (1, 0) and (0, 2) are at a right angle, so the weights are cosine and sine. */
  @Test
  void goesAroundTheRightAngle() {
    float[] a = {1, 0};
    float[] b = {0, 2};
    assertArrayEquals(a, mix(a, b, 0), 0);
    assertArrayEquals(b, mix(a, b, 1), 1e-7f);
    assertArrayEquals(new float[] {0.70710677f, 1.4142135f}, mix(a, b, 0.5), 1e-6f);
    assertArrayEquals(new float[] {0.8660254f, 1}, mix(a, b, 1 / 3.0), 1e-6f);
  }

  /** By hand: 60 degrees apart, the middle is (a + b) / (2 cos 30). */
  @Test
  void goesAroundSixtyDegrees() {
    float[] a = {1, 0};
    float[] b = {0.5f, 0.8660254f};
    assertArrayEquals(new float[] {0.8660254f, 0.5f}, mix(a, b, 0.5), 1e-6f);
    assertArrayEquals(new float[] {0.9659258f, 0.25881904f}, mix(a, b, 0.25), 1e-6f, "15 degrees");
  }

  @Test
  void parallelVectorsMixAlongTheLine() {
    assertArrayEquals(new float[] {1.5f, 3}, mix(new float[] {1, 2}, new float[] {2, 4}, 0.5), 0);
  }

  /** The straight mean of two noises has half their variance. */
  @Test
  void noiseStaysNoise() {
    float[] a = new float[10000];
    float[] b = new float[10000];
    RandomMode.JAVA.open(1).initial().fill(a, 0, a.length);
    RandomMode.JAVA.open(2).initial().fill(b, 0, b.length);
    double squares = 0;
    for (float value : mix(a, b, 0.5)) {
      squares += value * value;
    }
    assertEquals(1, squares / a.length, 0.03);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.01, 1.01, Double.NaN})
  void refusesOtherShares(double share) {
    assertThrows(
        IllegalArgumentException.class, () -> mix(new float[] {1}, new float[] {2}, share));
  }
}
