package io.github.cpsample.tools;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.figures.ReplicaFinder;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.Mask;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.Inpainting;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleOrigin;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.trainer.build.BundledEvaluation;
import java.util.ArrayList;
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
  private static float[][] training;
  private static List<FloatImage> prompts;

  @BeforeAll
  static void open() {
    bundle = ModelBundle.named("fashion-mnist");
    sampler = ProtectedSampler.open(bundle, Device.cpu());
    training = BundledEvaluation.trainingImages(bundle.manifest().data().trainingImages());
    prompts = new ArrayList<>();
    for (float[] image : training) {
      for (int seed = 0; seed < SEEDS; seed++) {
        prompts.add(FloatImage.copyOf(shape(), image, 0));
      }
    }
  }

  @AfterAll
  static void close() {
    sampler.close();
    bundle.close();
  }

  private static ImageShape shape() {
    return bundle.manifest().image();
  }

  private static SampleRequest request() {
    return SampleRequest.of(prompts.size()).withSeed(FIRST_SEED);
  }

  @Test
  void leftHalvesAreNotCompletedToTrainingImages() {
    Mask right = Mask.of(28, 28, (y, x) -> x >= 14);
    SampleRequest request =
        request()
            .withInpainting(new Inpainting(prompts, List.of(right), Inpainting.Resampling.NONE));
    assertCopies(request, right, 0.2);
  }

  @Test
  void framesAreNotFilledWithWhatWasInThem() {
    Mask centre = Mask.of(28, 28, (y, x) -> y >= 7 && y < 21 && x >= 7 && x < 21);
    SampleRequest request =
        request()
            .withInpainting(new Inpainting(prompts, List.of(centre), Inpainting.Resampling.NONE));
    assertCopies(request, centre, 0.5);
  }

  @Test
  void noisedTrainingImagesDoNotComeBack() {
    Mask everything = Mask.of(28, 28, (y, x) -> true);
    assertCopies(request().withStart(new SampleOrigin.StartImages(prompts, 0.5)), everything, 0.6);
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
    float[][] made = result.images().stream().map(FloatImage::values).toArray(float[][]::new);
    ReplicaFinder finder = new ReplicaFinder(BundledEvaluation.RULE, cut(training, filled));
    long found =
        finder.examine(cut(made, filled)).replicas().stream()
            .filter(match -> isOwn(match, result.report(match.image()).seed()))
            .count();
    return (double) found / prompts.size();
  }

  private static boolean isOwn(ReplicaRule.Match match, long seed) {
    return match.nearest() == (seed - FIRST_SEED) / SEEDS;
  }

  private static float[][] cut(float[][] images, Mask filled) {
    return Arrays.stream(images).map(image -> cut(image, filled)).toArray(float[][]::new);
  }

  private static float[] cut(float[] image, Mask filled) {
    float[] values = new float[filled.filledPixels()];
    int at = 0;
    for (int y = 0; y < filled.height(); y++) {
      for (int x = 0; x < filled.width(); x++) {
        if (filled.fills(y, x)) {
          values[at++] = image[y * filled.width() + x];
        }
      }
    }
    return values;
  }
}
