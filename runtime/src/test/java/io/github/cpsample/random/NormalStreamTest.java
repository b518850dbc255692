package io.github.cpsample.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.cpsample.diffusion.Golden;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NormalStreamTest {
  private static final JsonObject TORCH =
      Golden.read("schedulers.json").getAsJsonObject("conventions").getAsJsonObject("torch_rng");

  /** PyTorch computes in float32. */
  private static final double TOLERANCE = 2e-6;

  @Test
  void torchDrawsThePublishedNumbers() {
    assertNumbers(TORCH.getAsJsonArray("randn16_seed0"), draw(RandomMode.TORCH.open(0), 16));
  }

  @Test
  void torchContinuesFromDrawToDraw() {
    ImageNoise noise = RandomMode.TORCH.open(0);
    assertSame(noise.initial(), noise.steps());
    double sum = 0;
    for (float value : draw(noise, 768)) {
      sum += Math.abs((double) value);
    }
    assertEquals(TORCH.get("randn768_seed0_abs_sum").getAsDouble(), sum, 1e-4);
    assertNumbers(TORCH.getAsJsonArray("second_draw768_first4"), draw(noise, 768));
  }

  /** 16 uniform numbers are taken first for the whole draw, then 16 more for its last block. */
  @Test
  void torchDrawsTheLastBlockAnewWhereSixteenDoesNotDivide() {
    float[] odd = draw(RandomMode.TORCH.open(3), 40);
    float[] whole = draw(RandomMode.TORCH.open(3), 48);
    assertArrayEquals(Arrays.copyOf(whole, 24), Arrays.copyOf(odd, 24));
    MersenneTwister twister = new MersenneTwister(3);
    for (int i = 0; i < 40; i++) {
      twister.next();
    }
    double u1 = 1 - (twister.next() & 0xFFFFFF) / 16777216.0;
    for (int i = 0; i < 7; i++) {
      twister.next();
    }
    double u2 = (twister.next() & 0xFFFFFF) / 16777216.0;
    double expected = Math.sqrt(-2 * Math.log(u1)) * Math.cos(2 * Math.PI * u2);
    assertEquals(expected, odd[24], TOLERANCE);
    NormalStream stream = RandomMode.TORCH.open(3).initial();
    assertThrows(IllegalArgumentException.class, () -> stream.fill(new float[15], 0, 15));
  }

  /** The reference implementation's 10000th output for its default seed. */
  @Test
  void mersenneTwister() {
    MersenneTwister twister = new MersenneTwister(5489);
    int last = 0;
    for (int i = 0; i < 10_000; i++) {
      last = twister.next();
    }
    assertEquals(4123659995L, Integer.toUnsignedLong(last));
  }

  @Test
  void javaNumbersAreNormalAndUncorrelatedAcrossSeedsAndStreams() {
    int count = 200_000;
    float[] a = draw(RandomMode.JAVA.open(7), count);
    float[] near = draw(RandomMode.JAVA.open(8), count);
    float[] steps = new float[count];
    RandomMode.JAVA.open(7).steps().fill(steps, 0, count);
    double[] powers = new double[5];
    double withNear = 0;
    double withSteps = 0;
    for (int i = 0; i < count; i++) {
      for (int p = 1; p < powers.length; p++) {
        powers[p] += Math.pow(a[i], p) / count;
      }
      withNear += a[i] * near[i] / (double) count;
      withSteps += a[i] * steps[i] / (double) count;
    }
    double error = 5 / Math.sqrt(count);
    assertEquals(0, powers[1], error);
    assertEquals(1, powers[2], error * Math.sqrt(2));
    assertEquals(0, powers[3], error * Math.sqrt(15));
    assertEquals(3, powers[4], error * Math.sqrt(96));
    assertEquals(0, withNear, error);
    assertEquals(0, withSteps, error);
  }

  @ParameterizedTest
  @EnumSource(RandomMode.class)
  void streamsRepeatAndWriteOnlyTheirRange(RandomMode mode) {
    float[] first = draw(mode.open(11), 64);
    assertArrayEquals(first, draw(mode.open(11), 64));
    float[] framed = new float[66];
    mode.open(11).initial().fill(framed, 1, 64);
    assertArrayEquals(first, Arrays.copyOfRange(framed, 1, 65));
    assertEquals(0f, framed[0]);
    assertEquals(0f, framed[65]);
    assertEquals(mode, RandomMode.named(mode.label()));
    assertTrue(!Arrays.equals(first, draw(mode.open(12), 64)));
    assertThrows(
        IndexOutOfBoundsException.class, () -> mode.open(1).initial().fill(new float[20], 10, 16));
  }

  /** A long draw equals the same numbers drawn in pieces, also of odd length. */
  @Test
  void javaStreamsDoNotDependOnThePieces() {
    float[] whole = draw(RandomMode.JAVA.open(5), 9);
    NormalStream stream = RandomMode.JAVA.open(5).initial();
    float[] pieces = new float[9];
    stream.fill(pieces, 0, 3);
    stream.fill(pieces, 3, 6);
    assertArrayEquals(whole, pieces);
  }

  private static float[] draw(ImageNoise noise, int count) {
    float[] values = new float[count];
    noise.initial().fill(values, 0, count);
    return values;
  }

  private static void assertNumbers(JsonArray expected, float[] found) {
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i).getAsDouble(), found[i], TOLERANCE, "number " + i);
    }
  }
}
