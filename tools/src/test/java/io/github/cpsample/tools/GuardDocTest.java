package io.github.cpsample.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.TinyImages;
import io.github.cpsample.guard.CertaintyCheck;
import io.github.cpsample.guard.CheckFilter;
import io.github.cpsample.guard.GuaranteedSampler;
import io.github.cpsample.guard.GuardVerdict;
import io.github.cpsample.guard.ImageGuard;
import io.github.cpsample.guard.IndexCheck;
import io.github.cpsample.guard.SanitizeFilter;
import io.github.cpsample.guard.Sanitizer;
import io.github.cpsample.guard.TrainingIndex;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import java.awt.image.BufferedImage;
import java.awt.image.BufferedImageOp;
import java.awt.image.RescaleOp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/guide/guard.md shows is what works. */
class GuardDocTest {

  private static final DocText PAGE = new DocText("docs/guide/guard.md");

  @TempDir private Path folder;
  private TrainingIndex index;
  private CertaintyCheck certainty;
  private ProtectedSampler sampler;

  @BeforeEach
  void open() {
    TinyBundle.memorising().toDirectory(folder.resolve("model"));
    TrainingIndex.Builder builder = TrainingIndex.builder(TinyBundle.SHAPE);
    for (int i = 0; i < 7; i++) {
      builder.add("image " + i, picture(i).values());
    }
    index = builder.build();
    try (ModelBundle bundle = ModelBundle.open(folder.resolve("model"))) {
      certainty = CertaintyCheck.open(bundle, ResolvedDevice.of(Device.cpu()), 2, 0);
      sampler = ProtectedSampler.open(bundle, Device.cpu());
    }
    List<FloatImage> others = LongStream.range(100, 220).mapToObj(GuardDocTest::picture).toList();
    certainty.calibrate(others, 0.01);
  }

  @AfterEach
  void close() {
    certainty.close();
    sampler.close();
  }

  private static FloatImage picture(long seed) {
    return FloatImage.of(TinyImages.image(seed), 1);
  }

  @Test
  void theGuardSnippetFlagsATrainingImage() {
    List<FloatImage> images = List.of(picture(3));
    ImageGuard guard = ImageGuard.of(IndexCheck.of(index), certainty);
    List<GuardVerdict> verdicts = guard.check(images);
    assertFalse(verdicts.get(0).passes());
  }

  @Test
  void theSanitizeSnippetMakesAnImageThatPasses() {
    FloatImage image = picture(3);
    ImageGuard guard = ImageGuard.of(IndexCheck.of(index));
    Sanitizer sanitizer = new Sanitizer(sampler, guard, Sanitizer.Settings.STANDARD);
    Sanitizer.Result done =
        sanitizer.sanitize(image, SampleRequest.of(1).withSeed(7), Progress.none());
    assertEquals(List.of(), guard.check(List.of(done.image())).get(0).reasons());
  }

  @Test
  void theFilterSnippetMakesAnImageThatPasses() {
    BufferedImage image = picture(3).toBufferedImage();
    IndexCheck check = IndexCheck.of(index);
    Sanitizer sanitizer = new Sanitizer(sampler, check, Sanitizer.Settings.STANDARD);
    SampleRequest request = SampleRequest.of(1).withSeed(7);
    List<BufferedImageOp> filters =
        List.of(
            new RescaleOp(0.9f, 10, null),
            new SanitizeFilter(sanitizer, index.shape(), request),
            new CheckFilter(check, index.shape()));
    BufferedImage filtered = image;
    for (BufferedImageOp filter : filters) {
      filtered = filter.filter(filtered, null);
    }
    assertFalse(check.check(List.of(picture(3))).get(0).passes());
    assertTrue(check.check(List.of(FloatImage.of(filtered, 1))).get(0).passes());
  }

  @Test
  void theGuaranteeSnippetSamples() {
    GuaranteedSampler guaranteed = new GuaranteedSampler(sampler, IndexCheck.of(index), 20);
    GuaranteedSampler.Result result =
        guaranteed.sample(SampleRequest.of(16).withSeed(7), Progress.none());
    assertEquals(16, result.tries().size());
  }

  @Test
  void thePageIsTrue() throws IOException {
    assertEquals(4, PAGE.blocks("java").size());
    PAGE.checkSnippetsAreIn(GuardDocTest.class);
    assertEquals(4, PAGE.checkCommands());
  }
}
