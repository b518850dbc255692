package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartImagesTest {
  private static final TinyModel MODEL = new TinyModel(8, 4);
  private static ProtectedSampler sampler;

  @BeforeAll
  static void open(@TempDir Path folder) {
    sampler = TinyBundles.sampler(folder, MODEL);
  }

  @AfterAll
  static void close() {
    sampler.close();
  }

  private static SampleResult sample(SampleRequest request) {
    return sampler.sample(request, Progress.none());
  }

  /** A different picture for every number. */
  private static FloatImage picture(int number) {
    float[] values = new float[TinyModel.SHAPE.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(1 + i * (number + 1));
    }
    return FloatImage.copyOf(TinyModel.SHAPE, values, 0);
  }

  private static FloatImage constant(float value, ImageShape shape) {
    float[] values = new float[shape.size()];
    Arrays.fill(values, value);
    return FloatImage.copyOf(shape, values, 0);
  }

  /** The whole trajectory against the same formulas in plain Java with the analytic gradient. */
  @ParameterizedTest
  @CsvSource({"10, 0, 1", "10, 0, 0.5", "10, 0.7, 0.32", "10, 0, 0.1", "25, 1, 0.5"})
  void followsTheFormulas(int steps, double eta, double strength) {
    List<FloatImage> pictures = List.of(picture(0), picture(1), picture(2), picture(3), picture(4));
    SampleResult result =
        sample(
            SampleRequest.of(5)
                .withSteps(steps)
                .withEta(eta)
                .withAlpha(0.3)
                .withScale(3)
                .withSeed(40)
                .withBatchSize(2)
                .withStart(new SampleOrigin.StartImages(pictures, strength)));
    int guarded = 0;
    for (int i = 0; i < 5; i++) {
      double[] start = new double[TinyModel.SHAPE.size()];
      for (int k = 0; k < start.length; k++) {
        start[k] = pictures.get(i).values()[k];
      }
      ReferenceSampler reference =
          new ReferenceSampler(MODEL, steps, eta, 0.3, 3, 0, 999)
              .from(start, strength)
              .run(40 + i, 0);
      assertTrue(reference.closestToGate() > 1e-5, "choose a seed away from the gate");
      float[] values = result.image(i).values();
      for (int k = 0; k < values.length; k++) {
        double expected = reference.image()[k];
        assertEquals(expected, values[k], 1e-4 + 1e-4 * Math.abs(expected), "image " + i);
      }
      assertEquals(reference.guardedSteps(), result.report(i).guardedSteps());
      assertEquals(Math.round(steps * strength), result.report(i).steps());
      guarded += reference.guardedSteps();
    }
    assertTrue(guarded > 0, "a test of protection needs guarded steps");
    assertEquals(
        List.of(strength), result.settings().shown().origin().start().orElseThrow().strengths());
  }

  /** With strength 1 all that is left of the image is what the noisiest level leaves of it. */
  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void fullStrengthIsOrdinarySampling(SamplerKind kind) {
    SampleRequest request =
        SampleRequest.of(3).withSampler(kind).withSteps(200).withSeed(9).withProtection(false);
    SampleResult plain = sample(request);
    SampleResult started = sample(request.withStart(constant(0, TinyModel.SHAPE), 1));
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(plain.image(i).values(), started.image(i).values(), 5e-3f);
      assertEquals(plain.report(i).steps(), started.report(i).steps());
    }
  }

  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void everySamplerStartsFromImagesAndGuards(SamplerKind kind) {
    SampleRequest request =
        SampleRequest.of(3)
            .withSampler(kind)
            .withSteps(8)
            .withAlpha(0.4)
            .withScale(3)
            .withSeed(7)
            .withStart(picture(0), 0.5);
    SampleResult guarded = sample(request);
    SampleResult plain = sample(request.withProtection(false));
    assertTrue(guarded.totals().gradientRows() > 0);
    assertFalse(Arrays.equals(guarded.image(0).values(), plain.image(0).values()));
    assertEquals(guarded.report(0).steps(), guarded.totals().denoiserCalls());
    assertTrue(
        guarded.report(0).steps()
            < sample(SampleRequest.of(1).withSampler(kind)).report(0).steps());
    SampleResult alone = sample(request.withBatchSize(1));
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(guarded.image(i).values(), alone.image(i).values(), kind + " " + i);
    }
  }

  /** The less noise, the closer to the image. */
  @Test
  void weakerStrengthKeepsMore() {
    double before = Double.POSITIVE_INFINITY;
    for (double strength : new double[] {1, 0.6, 0.3, 0.1}) {
      SampleResult result =
          sample(
              SampleRequest.of(8)
                  .withSteps(20)
                  .withStart(picture(3), strength)
                  .withProtection(false));
      double distance = 0;
      for (FloatImage image : result.images()) {
        for (int k = 0; k < TinyModel.SHAPE.size(); k++) {
          distance += Math.abs(image.values()[k] - picture(3).values()[k]);
        }
      }
      assertTrue(distance < before, "strength " + strength + ": " + distance + " after " + before);
      before = distance;
    }
  }

  @Test
  void progressCountsTheStepsThatAreTaken() {
    int[] seen = new int[2];
    sampler.sample(
        SampleRequest.of(3).withSteps(10).withBatchSize(2).withStart(picture(0), 0.3),
        (done, total) -> {
          seen[0] = done;
          seen[1] = total;
        });
    assertArrayEquals(new int[] {6, 6}, seen);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.001, Double.NaN})
  void refusesOtherStrengths(double strength) {
    assertRefused("strength", () -> SampleRequest.of(1).withStart(picture(0), strength));
  }

  @Test
  void refusesImagesThatDoNotFit() {
    assertRefused(
        "start images: expected at least one", () -> new SampleOrigin.StartImages(List.of(), 0.5));
    assertRefused(
        "start images: expected 1 or 3 (one per image), found 2",
        () ->
            sample(
                SampleRequest.of(3)
                    .withStart(
                        new SampleOrigin.StartImages(List.of(picture(0), picture(1)), 0.5))));
    assertRefused(
        "start image: expected a grey image of 4 x 4 pixels (height x width), found an RGB image of"
            + " 4 x 4 pixels",
        () -> start(constant(0, new ImageShape(3, 4, 4))));
    assertRefused(
        "start image: expected a grey image of 4 x 4 pixels (height x width), found a grey image of"
            + " 8 x 4 pixels",
        () -> start(constant(0, new ImageShape(1, 8, 4))));
    assertRefused(
        "start image: expected values about [-1, 1] (-1 black, 1 white), found 200.0",
        () -> start(constant(200, TinyModel.SHAPE)));
    assertRefused(
        "start image: expected values about [-1, 1] (-1 black, 1 white), found NaN",
        () -> start(constant(Float.NaN, TinyModel.SHAPE)));
  }

  private static void start(FloatImage image) {
    sample(SampleRequest.of(2).withStart(image, 0.5));
  }

  private static void assertRefused(String message, Runnable action) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, action::run);
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }
}
