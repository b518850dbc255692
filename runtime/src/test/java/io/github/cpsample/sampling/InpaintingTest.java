package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.Mask;
import io.github.cpsample.protection.Correction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InpaintingTest {
  private static final TinyModel MODEL = new TinyModel(8, 4);
  private static final Mask RIGHT = Mask.of(4, 4, (y, x) -> x >= 2);
  private static final Mask BOTTOM = Mask.of(4, 4, (y, x) -> y >= 1);
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

  private static FloatImage picture(int number, ImageShape shape) {
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.cos(2 + i * (number + 1));
    }
    return FloatImage.copyOf(shape, values, 0);
  }

  private static FloatImage picture(int number) {
    return picture(number, TinyModel.SHAPE);
  }

  /** Whole trajectories against the same formulas in plain Java, the visits written by hand. */
  @Test
  void followsTheFormulas() {
    assertFollows(Inpainting.Resampling.NONE, 0, 0, 1, 2, 3, 4, 5);
    assertFollows(Inpainting.Resampling.NONE, 0.8, 0, 1, 2, 3, 4, 5);
    assertFollows(new Inpainting.Resampling(2, 2), 0.8, 0, 1, 2, 1, 2, 3, 4, 3, 4, 5);
    assertFollows(
        new Inpainting.Resampling(3, 1), 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5);
    assertFollows(new Inpainting.Resampling(2, 5), 1, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5);
  }

  private static void assertFollows(Inpainting.Resampling resampling, double eta, int... visits) {
    List<FloatImage> known = List.of(picture(0), picture(1), picture(2), picture(3), picture(4));
    List<Mask> masks = List.of(RIGHT, BOTTOM, RIGHT, BOTTOM, RIGHT);
    SampleResult result =
        sample(
            SampleRequest.of(5)
                .withSteps(6)
                .withEta(eta)
                .withAlpha(0.3)
                .withScale(3)
                .withSeed(40)
                .withBatchSize(2)
                .withInpainting(new Inpainting(known, masks, resampling)));
    int guarded = 0;
    for (int i = 0; i < 5; i++) {
      double[] image = new double[16];
      boolean[] filled = new boolean[16];
      for (int k = 0; k < 16; k++) {
        image[k] = known.get(i).values()[k];
        filled[k] = masks.get(i).fills(k / 4, k % 4);
      }
      ReferenceSampler reference =
          new ReferenceSampler(MODEL, 6, eta, 0.3, 3, 0, 999)
              .inpainting(image, filled, visits)
              .run(40 + i, 0);
      assertTrue(reference.closestToGate() > 1e-5, "choose a seed away from the gate");
      for (int k = 0; k < 16; k++) {
        double expected = reference.image()[k];
        double found = result.image(i).values()[k];
        assertEquals(expected, found, 2e-4 + 2e-4 * Math.abs(expected), "image " + i);
      }
      assertEquals(reference.guardedSteps(), result.report(i).guardedSteps());
      assertEquals(visits.length, result.report(i).steps());
      guarded += reference.guardedSteps();
    }
    assertEquals(3L * visits.length, result.totals().denoiserCalls());
    assertTrue(guarded > 0, "a test of protection needs guarded steps");
  }

  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void everySamplerKeepsTheKnownPixelsWhereRowsGoBack(SamplerKind kind) {
    for (Correction.Kind correction : Correction.Kind.values()) {
      SampleResult result =
          sample(
              SampleRequest.of(3)
                  .withSampler(kind)
                  .withSteps(8)
                  .withAlpha(0.4)
                  .withScale(3)
                  .withSeed(7)
                  .withCorrection(new Correction(correction, 150, 3, 1))
                  .withInpainting(Inpainting.of(picture(1), RIGHT)));
      assertEquals(
          correction.goesBack(), result.reports().stream().anyMatch(it -> it.returns() > 0));
      for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 16; k++) {
          if (!RIGHT.fills(k / 4, k % 4)) {
            assertEquals(picture(1).values()[k], result.image(i).values()[k]);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void everySamplerKeepsTheKnownPixelsAndGuards(SamplerKind kind) {
    SampleRequest request =
        SampleRequest.of(3)
            .withSampler(kind)
            .withSteps(8)
            .withAlpha(0.4)
            .withScale(3)
            .withSeed(7)
            .withInpainting(Inpainting.of(picture(1), RIGHT));
    SampleResult guarded = sample(request);
    SampleResult plain = sample(request.withProtection(false));
    assertTrue(guarded.totals().gradientRows() > 0);
    boolean moved = false;
    for (int i = 0; i < 3; i++) {
      for (int k = 0; k < 16; k++) {
        float found = guarded.image(i).values()[k];
        if (RIGHT.fills(k / 4, k % 4)) {
          moved |= found != plain.image(i).values()[k];
          assertTrue(found != picture(1).values()[k]);
        } else {
          assertEquals(picture(1).values()[k], found, "known pixels stay what they are, exactly");
        }
      }
    }
    assertTrue(moved, kind + " ignores the guidance");
    SampleResult alone = sample(request.withBatchSize(1));
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(guarded.image(i).values(), alone.image(i).values(), kind + " " + i);
    }
  }

  /** What the known image shows where the mask fills is not used. */
  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void theFilledPartOfTheKnownImageIsIgnored(SamplerKind kind) {
    float[] other = picture(1).values();
    for (int k = 0; k < 16; k++) {
      other[k] = RIGHT.fills(k / 4, k % 4) ? 1 : other[k];
    }
    SampleRequest request = SampleRequest.of(1).withSampler(kind).withSteps(8);
    FloatImage changed = FloatImage.copyOf(TinyModel.SHAPE, other, 0);
    assertArrayEquals(
        sample(request.withInpainting(Inpainting.of(picture(1), RIGHT))).image(0).values(),
        sample(request.withInpainting(Inpainting.of(changed, RIGHT))).image(0).values());
  }

  /** A mask that fills everything: samplers that remember draw no noise for known pixels. */
  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void fillingEverythingIsOrdinarySampling(SamplerKind kind) {
    SampleRequest request =
        SampleRequest.of(2).withSampler(kind).withSteps(8).withAlpha(0.4).withEta(0);
    Mask everything = Mask.of(4, 4, (y, x) -> true);
    SampleResult expected = sample(request);
    SampleResult found = sample(request.withInpainting(Inpainting.of(picture(0), everything)));
    boolean drawsInSteps = kind == SamplerKind.DDPM || kind == SamplerKind.EULER_ANCESTRAL;
    for (int i = 0; i < 2 && !drawsInSteps; i++) {
      assertArrayEquals(expected.image(i).values(), found.image(i).values());
    }
    assertEquals(expected.totals().denoiserCalls(), found.totals().denoiserCalls());
  }

  @Test
  void startsFromAnImageWhatIsFilled() {
    SampleRequest request =
        SampleRequest.of(1).withSteps(10).withInpainting(Inpainting.of(picture(0), RIGHT));
    SampleResult weak = sample(request.withStart(picture(2), 0.1));
    assertEquals(1, weak.report(0).steps());
    SampleResult strong = sample(request.withStart(picture(2), 0.9));
    assertEquals(9, strong.report(0).steps());
    assertFalse(java.util.Arrays.equals(weak.image(0).values(), strong.image(0).values()));
    assertEquals(picture(0).values()[0], weak.image(0).values()[0]);
  }

  @Test
  void stretchesAreRepeated() {
    assertVisits(4, 1, Inpainting.Resampling.NONE, 0, 1, 2, 3);
    assertVisits(4, 0.5, Inpainting.Resampling.NONE, 2, 3);
    assertVisits(4, 1, new Inpainting.Resampling(2, 1), 0, 0, 1, 1, 2, 2, 3);
    assertVisits(
        10, 0.6, new Inpainting.Resampling(3, 2), 4, 5, 6, 5, 6, 5, 6, 7, 8, 7, 8, 7, 8, 9);
    assertRefused(
        "resampling: expected a jump of at most 3",
        () -> assertVisits(4, 1, new Inpainting.Resampling(2, 4)));
    assertRefused(
        "resampling: expected a jump of at most 0",
        () -> assertVisits(4, 0.25, new Inpainting.Resampling(2, 1)));
  }

  /** Which steps of a plan are taken, by the timesteps that are seen. */
  private static void assertVisits(
      int steps, double strength, Inpainting.Resampling resampling, Integer... expected) {
    SampleRequest request =
        SampleRequest.of(2)
            .withSteps(steps)
            .withStart(picture(1), strength)
            .withInpainting(
                Inpainting.of(picture(0), RIGHT).resampled(resampling.times(), resampling.jump()));
    int trained = sampler.manifest().schedule().trainTimesteps();
    List<Integer> found = new ArrayList<>();
    SampleResult result =
        sampler.sample(
            request,
            Progress.none(),
            step -> found.add(steps - 1 - (int) (step.timestep(1) * steps / trained)));
    assertEquals(List.of(expected), found);
    assertEquals(expected.length, result.report(0).steps());
    assertEquals(expected.length, result.totals().denoiserCalls());
  }

  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void repetitionNeedsASamplerThatRemembersNothing(SamplerKind kind) {
    SampleRequest request =
        SampleRequest.of(1)
            .withSampler(kind)
            .withSteps(8)
            .withInpainting(Inpainting.of(picture(0), RIGHT).resampled(2, 2));
    List<SamplerKind> forgetful =
        List.of(SamplerKind.DDIM, SamplerKind.DDPM, SamplerKind.EULER, SamplerKind.EULER_ANCESTRAL);
    if (forgetful.contains(kind)) {
      assertTrue(sample(request).report(0).steps() > 8);
    } else {
      assertRefused(
          "resampling: expected a sampler that remembers nothing of earlier steps (ddim, ddpm,"
              + " euler, euler-ancestral), found ",
          () -> sample(request));
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertRefused(
        "known image: expected a grey image of 4 x 4 pixels",
        () -> inpaint(picture(0, new ImageShape(3, 4, 4)), RIGHT));
    assertRefused(
        "mask: expected 4 x 4 pixels (height x width), found 4 x 5",
        () -> inpaint(picture(0), Mask.of(4, 5, (y, x) -> true)));
    assertRefused(
        "masks: expected 1 or 2 (one per image), found 3",
        () ->
            sample(
                SampleRequest.of(2)
                    .withInpainting(
                        new Inpainting(
                            List.of(picture(0)),
                            List.of(RIGHT, RIGHT, RIGHT),
                            Inpainting.Resampling.NONE))));
    assertRefused(
        "inpainting: expected at least one known image and one mask",
        () -> new Inpainting(List.of(picture(0)), List.of(), Inpainting.Resampling.NONE));
    assertRefused("resampling: expected times", () -> new Inpainting.Resampling(0, 1));
    assertRefused("resampling: expected times", () -> new Inpainting.Resampling(1, 0));
  }

  private static void inpaint(FloatImage known, Mask mask) {
    sample(SampleRequest.of(2).withInpainting(Inpainting.of(known, mask)));
  }

  private static void assertRefused(String message, Runnable action) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, action::run);
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }
}
