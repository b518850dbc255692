package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.Mask;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.SessionSettings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What inpainting fills in where the distribution of the images can be written down. */
class InpaintingDistributionTest {
  private static final float LEFT = 0.8f;
  private static final int COUNT = 1000;
  private static ProtectedSampler sampler;

  @BeforeAll
  static void open(@TempDir Path folder) {
    CorrelatedPixels.bundle().toDirectory(folder.resolve("bundle"));
    try (ModelBundle bundle = ModelBundle.open(folder.resolve("bundle"))) {
      SessionSettings settings = new SessionSettings(1, SessionSettings.Optimization.ALL);
      sampler = ProtectedSampler.open(bundle, Device.cpu(), settings);
    }
  }

  @AfterAll
  static void close() {
    sampler.close();
  }

  /** Mean and standard deviation of the right pixel. */
  private static double[] moments(SampleRequest request) {
    SampleResult result =
        sampler.sample(
            request.withBatchSize(COUNT).withProtection(false).withSeed(1), Progress.none());
    double sum = 0;
    double squares = 0;
    for (FloatImage image : result.images()) {
      sum += image.values()[1];
      squares += (double) image.values()[1] * image.values()[1];
    }
    double mean = sum / COUNT;
    return new double[] {mean, Math.sqrt(squares / COUNT - mean * mean)};
  }

  private static SampleRequest inpaint(Inpainting.Resampling resampling) {
    FloatImage known = FloatImage.copyOf(CorrelatedPixels.SHAPE, new float[] {LEFT, 0}, 0);
    Mask mask = Mask.of(1, 2, (y, x) -> x == 1);
    return SampleRequest.of(COUNT)
        .withInpainting(new Inpainting(List.of(known), List.of(mask), resampling));
  }

  /** The model itself: without anything known the pixel has its own distribution. */
  @Test
  void withoutKnownPixels() {
    double[] found = moments(SampleRequest.of(COUNT));
    assertEquals(CorrelatedPixels.MEAN[1], found[0], 0.05);
    assertEquals(CorrelatedPixels.SPREAD, found[1], 0.04);
  }

  /**
   * Without repetition the filled pixel has been denoised beside known pixels of another draw, and
   * agrees with them only in part; repetition makes up for it.
   */
  @Test
  void repetitionsFillInWhatBelongsToTheKnownPixel() {
    double mean = CorrelatedPixels.conditionalMean(LEFT);
    double[] once = moments(inpaint(Inpainting.Resampling.NONE));
    double[] often = moments(inpaint(new Inpainting.Resampling(5, 5)));
    assertEquals(mean, often[0], 0.07);
    assertEquals(CorrelatedPixels.conditionalSpread(), often[1], 0.04);
    assertTrue(mean - once[0] > 0.12 && once[0] > CorrelatedPixels.MEAN[1] + 0.2, "" + once[0]);
  }

  /**
   * Samplers that remember get the same noise on the known pixel in all steps, so that it moves
   * along {@code k + sigma z} and the filled pixel along a curve with {@code dy/dsigma = epsilon},
   * which is integrated here by Runge and Kutta's method.
   */
  @ParameterizedTest
  @EnumSource(
      names = {
        "DPMSOLVER_PP_2M",
        "DPMSOLVER_PP_3M",
        "DPMSOLVER_PP_2S",
        "DPMSOLVER",
        "DEIS",
        "UNIPC",
        "HEUN",
        "LMS",
        "PNDM"
      })
  void samplersThatRememberFollowOneCurve(SamplerKind kind) {
    FloatImage known = FloatImage.copyOf(CorrelatedPixels.SHAPE, new float[] {LEFT, 0}, 0);
    Mask mask = Mask.of(1, 2, (y, x) -> x == 1);
    SampleResult result =
        sampler.sample(
            SampleRequest.of(4)
                .withSampler(kind)
                .withSteps(200)
                .withSeed(3)
                .withProtection(false)
                .withInpainting(Inpainting.of(known, mask)),
            Progress.none());
    for (int i = 0; i < 4; i++) {
      float[] z = new float[2];
      RandomMode.JAVA.open(3 + i).initial().fill(z, 0, 2);
      assertEquals(curve(z[0], z[1]), result.image(i).values()[1], 0.03, kind + ", image " + i);
      assertEquals(LEFT, result.image(i).values()[0]);
    }
  }

  private static double curve(double knownNoise, double noise) {
    double sigma = 150;
    double y = sigma * noise;
    while (sigma > 1e-4) {
      double next = sigma * 0.99;
      double h = next - sigma;
      double k1 = slope(sigma, y, knownNoise);
      double k2 = slope(sigma + h / 2, y + h / 2 * k1, knownNoise);
      double k3 = slope(sigma + h / 2, y + h / 2 * k2, knownNoise);
      double k4 = slope(next, y + h * k3, knownNoise);
      y += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
      sigma = next;
    }
    return y;
  }

  private static double slope(double sigma, double y, double knownNoise) {
    double variance = CorrelatedPixels.SPREAD * CorrelatedPixels.SPREAD;
    double own = variance + sigma * sigma;
    double shared = variance * CorrelatedPixels.CORRELATION;
    double left = LEFT + sigma * knownNoise - CorrelatedPixels.MEAN[0];
    double right = y - CorrelatedPixels.MEAN[1];
    return sigma * (own * right - shared * left) / (own * own - shared * shared);
  }
}
