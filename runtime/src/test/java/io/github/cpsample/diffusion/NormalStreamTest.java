package io.github.cpsample.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
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
    RandomMode.ImageNoise noise = RandomMode.TORCH.open(0);
    assertSame(noise.initial(), noise.steps());
    double sum = 0;
    for (float value : draw(noise, 768)) {
      sum += Math.abs((double) value);
    }
    assertEquals(TORCH.get("randn768_seed0_abs_sum").getAsDouble(), sum, 1e-4);
    assertNumbers(TORCH.getAsJsonArray("second_draw768_first4"), draw(noise, 768));
  }

  /** Recorded from PyTorch 2.7.1: manual_seed(3), randn(20) twice. */
  @Test
  void torchDrawsTheLastBlockAnewWhereSixteenDoesNotDivide() {
    RandomMode.ImageNoise noise = RandomMode.TORCH.open(3);
    assertNumbers(
        new double[] {
          -0.076644294, 0.35988152, -0.7820168, 0.071527734, 1.0460228, 0.522187, -0.16680916,
          0.0530334, 0.40460715, 0.61129963, 0.7603904, -0.03364326, 0.9979224, 0.45918044,
          2.436397, -0.14680818, 0.485114, 0.20523438, 0.3384282, 1.352754
        },
        draw(noise, 20));
    assertNumbers(
        new double[] {0.037066877, -0.06768559, 0.42903304, -0.86811924, 0.6197021, 1.9096979},
        draw(noise, 20));
  }

  /**
   * Recorded from PyTorch 2.7.1: manual_seed(3), randn(3) twice; manual_seed(3), randn(5) twice.
   */
  @Test
  void torchDrawsShortTensorsOneByOne() {
    RandomMode.ImageNoise three = RandomMode.TORCH.open(3);
    assertNumbers(new double[] {0.80327606, 0.17483339, 0.0889781}, draw(three, 3));
    assertNumbers(new double[] {-0.61371803, 0.04618245, -1.3682592}, draw(three, 3));
    RandomMode.ImageNoise five = RandomMode.TORCH.open(3);
    draw(five, 5);
    assertNumbers(
        new double[] {-1.3682592, 0.3374951, 1.0111159, -1.4351794, 0.9774318}, draw(five, 5));
  }

  /** The reference implementation's 10000th output for its default seed. */
  @Test
  void mersenneTwister() {
    TorchNormalStream.MersenneTwister twister = new TorchNormalStream.MersenneTwister(5489);
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

  private static float[] draw(RandomMode.ImageNoise noise, int count) {
    float[] values = new float[count];
    noise.initial().fill(values, 0, count);
    return values;
  }

  private static void assertNumbers(JsonArray expected, float[] found) {
    double[] numbers = new double[expected.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = expected.get(i).getAsDouble();
    }
    assertNumbers(numbers, found);
  }

  private static void assertNumbers(double[] expected, float[] found) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found[i], TOLERANCE, "number " + i);
    }
  }
}
