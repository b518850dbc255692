package io.github.cpsample.guard;

import static io.github.cpsample.guard.GuardedModels.picture;
import static io.github.cpsample.guard.GuardedModels.point;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.inference.Device;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.TinyModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SanitizerTest {

  private static final SampleRequest REQUEST = SampleRequest.of(1).withSteps(10).withSeed(5);
  private static final Sanitizer.Settings FOUR = new Sanitizer.Settings(0.2, 0.8, 4);
  private static ProtectedSampler sampler;
  private static IndexCheck check;

  @BeforeAll
  static void open(@TempDir Path folder) {
    try (ModelBundle bundle =
        GuardedModels.open(folder, new TinyModel(8, 4), List.of(point(1, 0.99)))) {
      sampler = ProtectedSampler.open(bundle, Device.cpu());
    }
    TrainingIndex index =
        TrainingIndex.builder(TinyModel.SHAPE)
            .add("one", picture(1).values())
            .add("two", picture(2).values())
            .build();
    check = new IndexCheck(index, new IndexCheck.Closeness(ReplicaRule.SECOND_NEAREST, 0.01));
  }

  @AfterAll
  static void close() {
    sampler.close();
  }

  /** Passes nothing until it was asked a number of times about a sampled image. */
  private static ImageCheck passingAt(int attempt) {
    int[] asked = {0};
    return images -> {
      boolean passes = asked[0]++ / 2 >= attempt;
      return List.of(
          new GuardVerdict(
              passes ? List.of() : List.of("no " + asked[0]), Optional.empty(), Optional.empty()));
    };
  }

  @Test
  void anImageThatPassesStaysAsItIs() {
    FloatImage image = picture(9);
    Sanitizer.Result done =
        new Sanitizer(sampler, check, FOUR).sanitize(image, REQUEST, Progress.none());
    assertSame(image, done.image());
    assertEquals(0, done.tries());
    assertTrue(done.before().passes());
  }

  @Test
  void aTrainingImageIsReplacedByOneThatPasses() {
    Sanitizer sanitizer = new Sanitizer(sampler, check, Sanitizer.Settings.STANDARD);
    Sanitizer.Result done = sanitizer.sanitize(picture(1), REQUEST, Progress.none());
    assertTrue(done.tries() >= 1);
    assertEquals("one", done.before().match().orElseThrow().name());
    assertEquals(0, done.before().match().orElseThrow().nearest(), 0.01);
    assertTrue(check.check(List.of(done.image().rounded())).get(0).passes());
    assertTrue(check.check(List.of(done.image())).get(0).passes());
  }

  /** The third try is the request from the third seed, two thirds of the way up. */
  @Test
  void triesAreProtectedImageToImageRequestsOfRisingStrength() {
    Sanitizer sanitizer = new Sanitizer(sampler, passingAt(3), FOUR);
    Sanitizer.Result done =
        sanitizer.sanitize(picture(1), REQUEST.withProtection(false), Progress.none());
    assertEquals(3, done.tries());
    assertEquals(0.6, done.strength(), 1e-12);
    assertEquals(SeedSequence.of(5, 2), done.seed());
    SampleRequest third =
        REQUEST.withSeed(SeedSequence.of(5, 2)).withStart(picture(1), done.strength());
    FloatImage expected = sampler.sample(third, Progress.none()).image(0);
    assertArrayEquals(expected.values(), done.image().values(), 1e-6f);
  }

  @Test
  void givesUpWithAnErrorThatSaysWhatIsWrong() {
    Sanitizer sanitizer = new Sanitizer(sampler, passingAt(99), FOUR);
    Sanitizer.FailedException failure =
        assertThrows(
            Sanitizer.FailedException.class,
            () -> sanitizer.sanitize(picture(1), REQUEST, Progress.none()));
    assertTrue(failure.getMessage().contains("4 tries up to strength 0.80"), failure.getMessage());
    assertTrue(failure.getMessage().contains("no 10"), failure.getMessage());
  }

  /** The protection's own look at finished images counts, too, whatever becomes of such images. */
  @Test
  void whatTheProtectionStillRecognisesDoesNotPass() {
    SampleRequest recognised =
        REQUEST
            .withAlpha(0.5)
            .withCorrection(Correction.PAPER.withRedos(1))
            .withOnFailure(SampleRequest.OnFailure.WITHHOLD);
    Sanitizer.FailedException failure =
        assertThrows(
            Sanitizer.FailedException.class,
            () ->
                new Sanitizer(sampler, passingAt(1), FOUR)
                    .sanitize(picture(1), recognised, Progress.none()));
    assertTrue(
        failure.getMessage().contains("still recognised by the protection"), failure.getMessage());
  }

  @Test
  void refusesStrengthsOutOfOrder() {
    assertThrows(IllegalArgumentException.class, () -> new Sanitizer.Settings(0, 1, 3));
    assertThrows(IllegalArgumentException.class, () -> new Sanitizer.Settings(0.6, 0.5, 3));
    assertThrows(IllegalArgumentException.class, () -> new Sanitizer.Settings(0.6, 1.1, 3));
    assertThrows(IllegalArgumentException.class, () -> new Sanitizer.Settings(0.6, 1, 0));
    assertEquals(0.6, new Sanitizer.Settings(0.6, 1, 1).strength(0));
    assertEquals(0.2, FOUR.strength(0));
    assertEquals(0.8, FOUR.strength(3));
  }
}
