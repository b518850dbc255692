package io.github.cpsample.tools;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.Mask;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.Inpainting;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleOrigin;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.tools.figures.Prompts;
import io.github.cpsample.trainer.build.BundledEvaluation;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Prompts cut from the images that the shipped model was trained on do not bring these images back.
 * Whether the filled part is a copy is decided on the filled part alone: the rest is given.
 */
class InpaintingIT {
  private static final long FIRST_SEED = 100;
  private static final int SEEDS = 2;

  private static ModelBundle bundle;
  private static ProtectedSampler sampler;
  private static Prompts prompts;

  @BeforeAll
  static void open() {
    bundle = ModelBundle.named("fashion-mnist");
    sampler = ProtectedSampler.open(bundle, Device.cpu());
    int count = bundle.manifest().data().trainingImages();
    List<FloatImage> training =
        Arrays.stream(BundledEvaluation.trainingImages(count))
            .map(values -> FloatImage.copyOf(bundle.manifest().image(), values, 0))
            .toList();
    prompts = new Prompts(training, FIRST_SEED, SEEDS);
  }

  @AfterAll
  static void close() {
    sampler.close();
    bundle.close();
  }

  @Test
  void leftHalvesAreNotCompletedToTrainingImages() {
    Mask right = Mask.of(28, 28, (y, x) -> x >= 14);
    SampleRequest request =
        prompts
            .request()
            .withInpainting(
                new Inpainting(prompts.images(), List.of(right), Inpainting.Resampling.NONE));
    assertCopies(request, right, 0.2);
  }

  @Test
  void framesAreNotFilledWithWhatWasInThem() {
    Mask centre = Mask.of(28, 28, (y, x) -> y >= 7 && y < 21 && x >= 7 && x < 21);
    SampleRequest request =
        prompts
            .request()
            .withInpainting(
                new Inpainting(prompts.images(), List.of(centre), Inpainting.Resampling.NONE));
    assertCopies(request, centre, 0.5);
  }

  @Test
  void noisedTrainingImagesDoNotComeBack() {
    Mask everything = Mask.of(28, 28, (y, x) -> true);
    SampleRequest request =
        prompts.request().withStart(new SampleOrigin.StartImages(prompts.images(), 0.5));
    assertCopies(request, everything, 0.6);
  }

  /** Many copies without protection, next to none with it among what is delivered. */
  private static void assertCopies(SampleRequest request, Mask filled, double least) {
    double without = copies(request.withProtection(false), filled);
    double with = copies(request.withOnFailure(SampleRequest.OnFailure.WITHHOLD), filled);
    assertTrue(without >= least, "without protection: " + without);
    assertTrue(with <= 0.05, "with protection: " + with);
  }

  /** Share of prompts whose delivered image replicates, where it is filled, what it comes from. */
  private static double copies(SampleRequest request, Mask filled) {
    SampleResult result = sampler.sample(request, Progress.none());
    long own =
        prompts.copies(result, filled, BundledEvaluation.RULE).stream()
            .filter(Prompts.Copy::own)
            .count();
    return (double) own / request.count();
  }
}
