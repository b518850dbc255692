package io.github.cpsample.guard;

import static io.github.cpsample.guard.GuardedModels.picture;
import static io.github.cpsample.guard.GuardedModels.point;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.Mask;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.inference.Device;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.sampling.ImageReport;
import io.github.cpsample.sampling.Inpainting;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.sampling.TinyModel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuaranteedSamplerTest {

  private static final SampleRequest REQUEST = SampleRequest.of(8).withSteps(5).withSeed(100);
  private static final IndexCheck.Closeness COPIES =
      new IndexCheck.Closeness(new ReplicaRule(1e-6, 1), 1e-3);
  private static ProtectedSampler sampler;

  @BeforeAll
  static void open(@TempDir Path folder) {
    try (ModelBundle bundle =
        GuardedModels.open(folder, new TinyModel(8, 4), List.of(point(1, 0.99)))) {
      sampler = ProtectedSampler.open(bundle, Device.cpu());
    }
  }

  @AfterAll
  static void close() {
    sampler.close();
  }

  private static TinyIndex index() {
    return new TinyIndex();
  }

  /** An index of pictures, and of samples that shall be replicas. */
  private static final class TinyIndex {
    private final TrainingIndex.Builder builder = TrainingIndex.builder(TinyModel.SHAPE);

    TinyIndex() {
      builder.add("a", picture(50).values()).add("b", picture(51).values());
    }

    TinyIndex with(long seed) {
      builder.add("sample " + seed, sampleOf(seed).values());
      return this;
    }

    GuaranteedSampler sampler(int tries) {
      return new GuaranteedSampler(
          GuaranteedSamplerTest.sampler, new IndexCheck(builder.build(), COPIES), tries);
    }
  }

  private static FloatImage sampleOf(long seed) {
    return sampler.sample(REQUEST.again(0, seed), Progress.none()).image(0);
  }

  @Test
  void replacesWhatIsTooCloseAndNothingElse() {
    SampleResult plain = sampler.sample(REQUEST, Progress.none());
    long second = SeedSequence.of(105, 1);
    GuaranteedSampler.Result result =
        index().with(103).with(105).with(second).sampler(5).sample(REQUEST, Progress.none());
    assertEquals(List.of(1, 1, 1, 2, 1, 3, 1, 1), result.tries());
    assertEquals(2, result.resampledImages());
    assertEquals(3, result.rejected());
    for (int i = 0; i < 8; i++) {
      long seed = SeedSequence.of(100 + i, result.tries().get(i) - 1);
      assertEquals(seed, result.result().report(i).seed());
      FloatImage expected = i == 3 || i == 5 ? sampleOf(seed) : plain.image(i);
      assertArrayEquals(expected.values(), result.result().image(i).values(), 1e-6f);
    }
    assertEquals(plain.settings(), result.result().settings());
    assertEquals(plain.totals().denoiserCalls() + 3 * 5L, result.result().totals().denoiserCalls());
    assertTrue(result.result().totals().seconds() > 0);
  }

  /** Which images are resampled, and to what, depends on their own seeds alone. */
  @Test
  void anImageDoesNotDependOnTheOthers() {
    GuaranteedSampler guaranteed = index().with(103).with(105).sampler(5);
    GuaranteedSampler.Result all = guaranteed.sample(REQUEST, Progress.none());
    GuaranteedSampler.Result one = guaranteed.sample(REQUEST.again(0, 105), Progress.none());
    assertEquals(2, one.tries().get(0));
    assertArrayEquals(all.result().image(5).values(), one.result().image(0).values(), 1e-6f);
  }

  /**
   * What the classifier still recognises is flagged, or, where it is to be withheld, tried again.
   */
  @Test
  void recognisedImagesAreFlaggedOrTriedAgain() {
    SampleRequest request = REQUEST.withAlpha(0.5).withCorrection(Correction.PAPER.withRedos(1));
    SampleResult flagged = index().sampler(3).sample(request, Progress.none()).result();
    assertEquals(8, flagged.images().size());
    assertTrue(flagged.reports().stream().allMatch(ImageReport::recognised));
    SampleRequest withheld = request.withOnFailure(SampleRequest.OnFailure.WITHHOLD);
    GuaranteedSampler.TooCloseException failure =
        assertThrows(
            GuaranteedSampler.TooCloseException.class,
            () -> index().sampler(3).sample(withheld, Progress.none()));
    assertEquals(3, failure.tries());
    assertTrue(failure.getMessage().contains("still recognised"), failure.getMessage());
  }

  @Test
  void givesUpWithAnErrorAndNeverWithAReplica() {
    GuaranteedSampler guaranteed = index().with(102).with(SeedSequence.of(102, 1)).sampler(2);
    GuaranteedSampler.TooCloseException failure =
        assertThrows(
            GuaranteedSampler.TooCloseException.class,
            () -> guaranteed.sample(REQUEST, Progress.none()));
    assertEquals(102, failure.seed());
    assertEquals(2, failure.tries());
    assertTrue(failure.distance() < 1e-3, "distance " + failure.distance());
    assertTrue(failure.getMessage().contains("seed 102"), failure.getMessage());
    GuaranteedSampler patient = index().with(102).with(SeedSequence.of(102, 1)).sampler(3);
    assertEquals(List.of(3), patient.sample(REQUEST.again(0, 102), Progress.none()).tries());
  }

  /** A sample beyond [-1, 1] is a copy once it is clipped and written with 8 bits. */
  @Test
  void whatAFileMakesOfAnImageCountsToo() {
    FloatImage exact = sampleOf(104);
    FloatImage file = exact.rounded();
    TrainingIndex index =
        TrainingIndex.builder(TinyModel.SHAPE)
            .add("file", file.values())
            .add("other", picture(50).values())
            .build();
    IndexCheck.Closeness equal = new IndexCheck.Closeness(new ReplicaRule(1e-9, 1), 1e-9);
    assertTrue(index.match(List.of(exact), equal).get(0).nearest() > 1e-9);
    GuaranteedSampler.Result result =
        new GuaranteedSampler(sampler, new IndexCheck(index, equal), 5)
            .sample(REQUEST, Progress.none());
    assertEquals(List.of(1, 1, 1, 1, 2, 1, 1, 1), result.tries());
  }

  @Test
  void keepsTheStartImageOfAnImageThatIsResampled() {
    SampleRequest request =
        SampleRequest.of(1).withSteps(10).withSeed(7).withStart(picture(3), 0.5);
    FloatImage first = sampler.sample(request, Progress.none()).image(0);
    TrainingIndex index =
        TrainingIndex.builder(TinyModel.SHAPE)
            .add("first", first.values())
            .add("other", picture(50).values())
            .build();
    GuaranteedSampler.Result result =
        new GuaranteedSampler(sampler, new IndexCheck(index, COPIES), 5)
            .sample(request, Progress.none());
    assertEquals(List.of(2), result.tries());
    FloatImage expected =
        sampler.sample(request.withSeed(SeedSequence.of(7, 1)), Progress.none()).image(0);
    assertArrayEquals(expected.values(), result.result().image(0).values(), 1e-6f);
  }

  @Test
  void keepsTheKnownPixelsOfAnImageThatIsResampled() {
    Mask mask = Mask.of(4, 4, (y, x) -> y >= 2);
    SampleRequest request =
        SampleRequest.of(2)
            .withSteps(10)
            .withSeed(7)
            .withInpainting(Inpainting.of(picture(3), mask));
    FloatImage second = sampler.sample(request, Progress.none()).image(1);
    TrainingIndex index =
        TrainingIndex.builder(TinyModel.SHAPE)
            .add("second", second.values())
            .add("other", picture(50).values())
            .build();
    GuaranteedSampler.Result result =
        new GuaranteedSampler(sampler, new IndexCheck(index, COPIES), 5)
            .sample(request, Progress.none());
    assertEquals(List.of(1, 2), result.tries());
    float[] values = result.result().image(1).values();
    for (int i = 0; i < 8; i++) {
      assertEquals(picture(3).values()[i], values[i], 0);
    }
    assertTrue(Math.abs(values[12] - second.values()[12]) > 1e-3);
  }

  /** Between two seeds there is no other seed to try. */
  @Test
  void anImageBetweenTwoSeedsFailsAtOnce() {
    SampleRequest request = SampleRequest.of(3).withSteps(5).withSeed(7).withInterpolation(8);
    FloatImage middle = sampler.sample(request, Progress.none()).image(1);
    TrainingIndex index =
        TrainingIndex.builder(TinyModel.SHAPE)
            .add("middle", middle.values())
            .add("other", picture(50).values())
            .build();
    GuaranteedSampler guaranteed = new GuaranteedSampler(sampler, new IndexCheck(index, COPIES), 5);
    GuaranteedSampler.TooCloseException failure =
        assertThrows(
            GuaranteedSampler.TooCloseException.class,
            () -> guaranteed.sample(request, Progress.none()));
    assertEquals(1, failure.tries());
    assertTrue(failure.getMessage().contains("image 1 with seed 7"), failure.getMessage());
    assertTrue(failure.getMessage().contains("take other seeds"), failure.getMessage());
  }

  /** What was thrown away costs calls, but is no guarded image of the result. */
  @Test
  void countsTheGuardedImagesThatAreDelivered() {
    SampleRequest always = REQUEST.withAlpha(0.5);
    TrainingIndex.Builder builder = TrainingIndex.builder(TinyModel.SHAPE);
    builder.add("a", picture(50).values());
    for (FloatImage image : sampler.sample(always, Progress.none()).images()) {
      builder.add("copy", image.values());
    }
    GuaranteedSampler.Result result =
        new GuaranteedSampler(sampler, new IndexCheck(builder.build(), COPIES), 5)
            .sample(always, Progress.none());
    assertEquals(8, result.rejected());
    assertEquals(8, result.result().totals().imagesGuarded());
    assertTrue(
        result.result().totals().gradientRows()
            > result.result().reports().stream().mapToInt(ImageReport::guardedSteps).sum());
  }

  @Test
  void canBeCancelledWhileItResamples() {
    GuaranteedSampler guaranteed = index().with(100).sampler(5);
    int[] asked = {0};
    Progress progress =
        new Progress() {
          @Override
          public void onStep(int done, int total) {}

          @Override
          public boolean isCancelled() {
            return ++asked[0] > 7;
          }
        };
    assertThrows(
        CancellationException.class, () -> guaranteed.sample(REQUEST.again(0, 100), progress));
    assertEquals(8, asked[0]);
  }

  /** The first numbers of SplitMix64 started at 1234567, as published with the generator. */
  @Test
  void theSeedsAreSplitMix64() {
    assertEquals(1234567, SeedSequence.of(1234567, 0));
    assertEquals(6457827717110365317L, SeedSequence.of(1234567, 1));
    assertEquals(3203168211198807973L, SeedSequence.of(1234567, 2));
    assertEquals("9817491932198370423", Long.toUnsignedString(SeedSequence.of(1234567, 3)));
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThrows(IllegalArgumentException.class, () -> index().sampler(0));
    TrainingIndex other =
        TrainingIndex.builder(new ImageShape(1, 1, 1))
            .add("a", new float[] {0})
            .add("b", new float[] {1})
            .build();
    assertThrows(
        IllegalArgumentException.class,
        () -> new GuaranteedSampler(sampler, IndexCheck.of(other), 3));
  }
}
