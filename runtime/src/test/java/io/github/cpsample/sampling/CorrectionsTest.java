package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.inference.Device;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.Correction.Kind;
import io.github.cpsample.protection.Correction.Move;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.protection.Thresholds;
import io.github.cpsample.protection.Views;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is done with guarded rows, with every sampler. */
class CorrectionsTest {
  private static final int COUNT = 5;
  private static ProtectedSampler sampler;

  @BeforeAll
  static void open(@TempDir Path folder) {
    sampler = TinyBundles.sampler(folder, new TinyModel(8, 4));
  }

  @AfterAll
  static void close() {
    sampler.close();
  }

  private static SampleRequest request(SamplerKind kind) {
    return SampleRequest.of(COUNT)
        .withSampler(kind)
        .withSteps(8)
        .withAlpha(0.4)
        .withScale(3)
        .withSeed(7);
  }

  private static FloatImage picture() {
    float[] values = new float[TinyModel.SHAPE.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.cos(2 + 3 * i);
    }
    return FloatImage.copyOf(TinyModel.SHAPE, values, 0);
  }

  private static SampleResult sample(SampleRequest request) {
    return sampler.sample(request, Progress.none());
  }

  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void everyKindMakesTheSameImagesInBatchesOfAnySize(SamplerKind kind) {
    for (Kind correction : Kind.values()) {
      for (Subject subject : Subject.values()) {
        SampleRequest request =
            request(kind).withAsks(subject).withCorrection(new Correction(correction, 150, 3, 1));
        SampleResult alone = sample(request.withBatchSize(1));
        SampleResult again = sample(request.withBatchSize(1));
        SampleResult together = sample(request.withBatchSize(COUNT));
        int returns = 0;
        for (int i = 0; i < COUNT; i++) {
          String what = correction + " by " + subject + ", image " + i;
          assertArrayEquals(alone.image(i).values(), again.image(i).values(), what);
          assertArrayEquals(alone.image(i).values(), together.image(i).values(), 1e-4f, what);
          assertEquals(alone.report(i), again.report(i), what);
          assertEquals(alone.report(i), together.report(i), what);
          returns += alone.report(i).returns();
        }
        assertTrue(SampleResult.Totals.guarded(alone.reports()) > 0, "nothing is guarded");
        assertEquals(correction.goesBack(), returns > 0, correction + " returns " + returns);
        assertEquals(correction.move() != Move.NONE, alone.totals().gradientRows() > 0);
        assertEquals(alone.totals().gradientRows(), together.totals().gradientRows());
        assertEquals(alone.totals().classifierRows(), together.totals().classifierRows());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void healingThatNeverReturnsIsAPush(SamplerKind kind) {
    for (Subject subject : Subject.values()) {
      SampleRequest request = request(kind).withAsks(subject);
      SampleResult push = sample(request.withCorrection(Correction.PAPER));
      SampleResult heal = sample(request.withCorrection(new Correction(Kind.HEAL, 150, 0, 0)));
      for (int i = 0; i < COUNT; i++) {
        assertArrayEquals(push.image(i).values(), heal.image(i).values());
        assertEquals(push.report(i), heal.report(i));
      }
    }
  }

  /** From the first way back on it is the fallback that predicts, and only then. */
  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void whatIsHandedOverIsPredictedByTheFallback(SamplerKind kind) {
    int[] last = new int[COUNT];
    boolean[] sentBack = new boolean[COUNT];
    Arrays.fill(last, -1);
    int[] byFallback = {0};
    sampler.sample(
        request(kind).withBatchSize(3).withCorrection(new Correction(Kind.HANDOVER, 150, 3, 1)),
        Progress.none(),
        step -> {
          for (int row = 0; row < step.rows(); row++) {
            int image = step.image(row);
            sentBack[image] |= step.place(row) <= last[image];
            last[image] = step.place(row);
            float[] prediction = step.epsilon(row);
            float[] x = step.before(row);
            for (int i = 0; i < x.length; i++) {
              double own = TinyModel.prediction(x[i], step.timestep(row), 0);
              double expected = sentBack[image] ? own - TinyModel.FALLBACK_LESS * x[i] : own;
              assertEquals(expected, prediction[i], 1e-4, "image " + image);
            }
            byFallback[0] += sentBack[image] ? 1 : 0;
          }
        });
    assertTrue(byFallback[0] > 0, "nothing was handed over");
  }

  /** Rows that were sent back visit the timesteps of a trajectory of half as many steps. */
  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void rowsThatWereSentBackTakeLargerSteps(SamplerKind kind) {
    Correction own = new Correction(Kind.HANDOVER, 150, 3, 2);
    SampleRequest request = request(kind).withSteps(48);
    Set<Double> coarse = timesteps(request.withSteps(24).withProtection(false));
    boolean[] sentBack = new boolean[COUNT];
    double[] last = new double[COUNT];
    Arrays.fill(last, Double.MAX_VALUE);
    SampleResult larger =
        sampler.sample(
            request.withBatchSize(3).withCorrection(own.withStride(2)),
            Progress.none(),
            step -> {
              for (int row = 0; row < step.rows(); row++) {
                int image = step.image(row);
                sentBack[image] |= step.timestep(row) > last[image];
                last[image] = step.timestep(row);
                if (sentBack[image]) {
                  assertTrue(coarse.contains(step.timestep(row)), "" + step.timestep(row));
                }
              }
            });
    int returns = larger.reports().stream().mapToInt(ImageReport::returns).sum();
    assertTrue(returns > 0, "nothing was sent back");
    SampleResult same = sample(request.withCorrection(own));
    assertTrue(steps(larger) < steps(same), steps(larger) + " of " + steps(same));
    SampleResult alone = sample(request.withBatchSize(1).withCorrection(own.withStride(2)));
    for (int i = 0; i < COUNT; i++) {
      assertArrayEquals(alone.image(i).values(), larger.image(i).values(), 1e-4f);
    }
  }

  private static int steps(SampleResult result) {
    return result.reports().stream().mapToInt(ImageReport::steps).sum();
  }

  private static Set<Double> timesteps(SampleRequest request) {
    Set<Double> timesteps = new HashSet<>();
    sampler.sample(request, Progress.none(), step -> timesteps.add(step.timestep(0)));
    return timesteps;
  }

  @Test
  void aModelWithoutFallbackRefusesToHandOver(@TempDir Path folder) {
    Path target = folder.resolve("bundle");
    new TinyModel(8, 4).bundle(0).toDirectory(target);
    Correction handover = new Correction(Kind.HANDOVER, 150, 3, 1);
    try (ModelBundle model = ModelBundle.open(target);
        ProtectedSampler without = ProtectedSampler.open(model, Device.cpu())) {
      SampleRequest request = SampleRequest.of(1).withSteps(4).withCorrection(handover);
      String message =
          assertThrows(
                  IllegalArgumentException.class, () -> without.sample(request, Progress.none()))
              .getMessage();
      assertTrue(message.contains("--fallback"), message);
      assertEquals(
          1, without.sample(request.withProtection(false), Progress.none()).images().size());
    }
  }

  /** A gate that always guards, restart, DDIM at the timesteps 900, 800, ..., 0. */
  @ParameterizedTest
  @CsvSource({
    "1,   0, 999, 100,  0, 0, 10, 10, 0",
    // step 0, 0, then 0 to 9: the first step is the furthest place
    "1,   0, 999, 100,  2, 0, 12, 12, 2",
    // 0 to 4 (timestep 500), 4, then 3 (600) to 9
    "1,   0, 500, 100,  2, 0, 13,  8, 2",
    // 0 to 7 (200), 5 to 7, 3 to 7, 0 to 9
    "1,   0, 200, 250,  3, 0, 26,  6, 3",
    // 12 steps; from the middle 5, 5, 4 to 9; from noise 12 steps
    "1,   0, 999, 100,  2, 2, 32, 32, 6",
    // 5, 5, 5 to 9: never before the first step of an image that starts from an image
    "0.5, 0, 999, 1000, 2, 0,  7,  7, 2",
  })
  void stepsAreThoseCountedByHand(
      double strength,
      int first,
      int last,
      int back,
      int returns,
      int redos,
      int steps,
      int guarded,
      int returned) {
    SampleRequest request =
        SampleRequest.of(3)
            .withSteps(10)
            .withAlpha(0.5)
            .withGuardedTimesteps(first, last)
            .withCorrection(new Correction(Kind.RESTART, back, returns, redos));
    SampleResult result = sample(strength < 1 ? request.withStart(picture(), strength) : request);
    for (ImageReport report : result.reports()) {
      assertEquals(steps, report.steps());
      assertEquals(guarded, report.guardedSteps());
      assertEquals(returned, report.returns());
      assertEquals(redos, report.redos());
      assertEquals(redos > 0, report.recognised(), "finished images are looked at if redone");
    }
    assertEquals(0, result.totals().gradientRows());
    assertEquals(steps, result.totals().denoiserCalls());
    assertEquals(3L * (guarded + (redos > 0 ? redos + 1 : 0)), result.totals().classifierRows());
  }

  /** At 900, 800, ..., 0 the last steps of every 250 timesteps are 800, 500, 300 and 0. */
  @Test
  void asksOnceInSoManyTimesteps() {
    SampleRequest request =
        SampleRequest.of(2)
            .withSteps(10)
            .withAlpha(0.5)
            .withGuardedTimesteps(0, 999)
            .withAskEvery(250)
            .withCorrection(new Correction(Kind.RESTART, 1, 0, 0));
    SampleResult result = sample(request);
    assertEquals(8, result.totals().classifierRows());
    for (ImageReport report : result.reports()) {
      assertEquals(4, report.guardedSteps());
    }
    List<Double> asked = new ArrayList<>();
    sampler.sample(
        request.withBatchSize(1),
        Progress.none(),
        step -> {
          if (step.image(0) == 0 && step.asked(0)) {
            asked.add(step.timestep(0));
          }
        });
    assertEquals(List.of(800.0, 500.0, 300.0, 0.0), asked);
  }

  /** An image that starts from an image is never noised further than that was. */
  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void noRowGoesBackBeforeItsFirstStep(SamplerKind kind) {
    SampleRequest request =
        request(kind)
            .withAlpha(0.5)
            .withBatchSize(1)
            .withStart(picture(), 0.5)
            .withCorrection(new Correction(Kind.HEAL, 1000, 3, 2));
    double[] first = {0};
    int[] atFirst = {0};
    sampler.sample(
        request,
        Progress.none(),
        step -> {
          first[0] = step.index(0) == 0 ? step.timestep(0) : first[0];
          assertTrue(step.timestep(0) <= first[0], step.timestep(0) + " after " + first[0]);
          atFirst[0] += step.timestep(0) == first[0] ? 1 : 0;
        });
    assertTrue(first[0] < 700, "the first step is at " + first[0]);
    assertTrue(atFirst[0] >= 4 * COUNT, "steps at the first timestep: " + atFirst[0]);
  }

  @Test
  void recognisedImagesAreFlaggedOrWithheld() {
    SampleRequest request =
        SampleRequest.of(12)
            .withSteps(10)
            .withAlpha(0.25)
            .withScale(0.1)
            .withSeed(30)
            .withCorrection(Correction.PAPER.withRedos(1));
    SampleResult all = sample(request);
    SampleResult some = sample(request.withOnFailure(SampleRequest.OnFailure.WITHHOLD));
    List<Integer> unrecognised = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      if (!all.report(i).recognised()) {
        unrecognised.add(i);
      }
    }
    assertTrue(unrecognised.size() > 1 && unrecognised.size() < 11, "" + unrecognised);
    assertEquals(12, all.images().size());
    assertEquals(0, all.totals().imagesWithheld());
    assertEquals(unrecognised.size(), some.images().size());
    assertEquals(12 - unrecognised.size(), some.totals().imagesWithheld());
    assertEquals(all.totals().denoiserCalls(), some.totals().denoiserCalls());
    for (int i = 0; i < unrecognised.size(); i++) {
      int of = unrecognised.get(i);
      assertEquals(all.report(of), some.report(i));
      assertArrayEquals(all.image(of).values(), some.image(i).values());
    }
    for (int i = 0; i < 12; i++) {
      assertTrue(!all.report(i).recognised() || all.report(i).redos() == 1);
    }
  }

  /** The mean of the logits of nine views, by the networks' formula; in batches of any size. */
  @Test
  void finishedImagesAreLookedAtInNineViews() {
    Thresholds nine = new Thresholds(0.1, List.of(new Thresholds.Level(0, 0.1)), 0.3, Views.NINE);
    SampleRequest request =
        SampleRequest.of(24)
            .withSteps(4)
            .withGuardedTimesteps(0, 0)
            .withThresholds(nine)
            .withCorrection(new Correction(Kind.PUSH, 1, 0, 0).withRedos(1));
    TinyModel model = new TinyModel(8, 4);
    int recognised = 0;
    int otherwise = 0;
    for (int batch : new int[] {1, 5, 24}) {
      SampleResult result = sample(request.withBatchSize(batch));
      for (int i = 0; i < 24; i++) {
        float[] image = result.image(i).values();
        double own = certainty(model.logits(wide(image), 0));
        double[] mean = new double[8];
        for (int view = 0; view < 9; view++) {
          float[] moved = new float[image.length];
          TinyModel.SHAPE.move(image, 0, Views.down(view), Views.right(view), moved, 0);
          double[] logits = model.logits(wide(moved), 0);
          for (int k = 0; k < 8; k++) {
            mean[k] += logits[k] / 9;
          }
        }
        double seen = own < Views.LEAST_CERTAINTY ? own : certainty(mean);
        assertEquals(seen > 0.7, result.report(i).recognised(), "image " + i + ": " + seen);
        recognised += seen > 0.7 ? 1 : 0;
        otherwise += seen > 0.7 == own > 0.7 ? 0 : 1;
      }
    }
    assertTrue(recognised > 0 && otherwise > 0, recognised + " recognised, " + otherwise);
  }

  /** The geometric mean of max(p, 1 - p), as {@code Certainty} has it. */
  private static double certainty(double[] logits) {
    double sum = 0;
    for (double logit : logits) {
      sum -= Math.log1p(Math.exp(-Math.abs(logit)));
    }
    return Math.exp(sum / logits.length);
  }

  private static double[] wide(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  @Test
  void allMayBeWithheld() {
    SampleResult none =
        sample(
            SampleRequest.of(3)
                .withSteps(5)
                .withAlpha(0.5)
                .withCorrection(Correction.PAPER.withRedos(1))
                .withOnFailure(SampleRequest.OnFailure.WITHHOLD));
    assertEquals(List.of(), none.images());
    assertEquals(3, none.totals().imagesWithheld());
    assertEquals(0, none.totals().imagesGuarded());
  }

  /** What is announced is never less than what is done, and in the end the same. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void progressGrowsWithTheReturns(Kind correction) {
    for (SamplerKind kind : SamplerKind.values()) {
      int[] last = {-1, 0};
      SampleResult result =
          sampler.sample(
              request(kind).withBatchSize(2).withCorrection(new Correction(correction, 150, 3, 2)),
              (done, total) -> {
                assertEquals(last[0] + 1, done);
                assertTrue(done <= total, done + " of " + total);
                last[0] = done;
                last[1] = total;
              });
      assertEquals(last[0], last[1]);
      assertEquals(last[0], result.totals().denoiserCalls());
    }
  }
}
