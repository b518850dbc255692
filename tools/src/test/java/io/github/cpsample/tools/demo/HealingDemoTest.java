package io.github.cpsample.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.judging.Judge;
import io.github.cpsample.evaluation.judging.ProtectionMeasurement;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.inference.Device;
import io.github.cpsample.protection.Correction.Kind;
import io.github.cpsample.sampling.ImageReport;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the demonstration measures and draws, of a model that sends images back. */
class HealingDemoTest {

  private static final int COUNT = 8;

  @TempDir private Path folder;

  @Test
  void stepsAreThoseThatWereTaken() {
    TinyBundle.healing(Kind.RESTART).toDirectory(folder.resolve("model"));
    float[][] training = images(1, 8);
    Judge judge =
        new Judge(ReplicaRule.STANDARD, training, images(2, 20), HealingDemoTest::features);
    try (ModelBundle bundle = ModelBundle.open(folder.resolve("model"));
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      ProtectionMeasurement measured =
          ProtectionMeasurement.of(
              sampler, SampleRequest.of(COUNT).withSeed(5), judge, Progress.none());
      List<ImageReport> reports = measured.protectedSide().result().reports();
      double steps = reports.stream().mapToInt(ImageReport::steps).sum();
      double guarded = reports.stream().mapToInt(ImageReport::guardedSteps).sum();
      assertTrue(steps > 10 * COUNT, "the test needs a way back");
      DemoReport report = DemoReport.of(ReplicaRule.STANDARD, measured, judge);
      assertEquals(steps / COUNT, report.protectedSide().denoiserCallsPerImage(), 1e-12);
      assertEquals(guarded / steps, report.protectedSide().stepsGuarded(), 1e-12);
      assertEquals(10, report.unprotectedSide().denoiserCallsPerImage(), 1e-12);
      DemoPictures pictures = new DemoPictures(measured, training, TinyBundle.SHAPE);
      assertNotNull(pictures.firstSeeds());
      assertTrue(pictures.overview(measured.protectedSide(), "with protection").getHeight() > 8);
    }
  }

  private static double[][] features(float[][] images) {
    return Arrays.stream(images)
        .map(image -> new double[] {image[0], image[9], image[27] + image[28]})
        .toArray(double[][]::new);
  }

  private static float[][] images(long seed, int count) {
    Random random = new Random(seed);
    float[][] images = new float[count][TinyBundle.SHAPE.size()];
    for (float[] image : images) {
      for (int i = 0; i < image.length; i++) {
        image[i] = 2 * random.nextFloat() - 1;
      }
    }
    return images;
  }
}
