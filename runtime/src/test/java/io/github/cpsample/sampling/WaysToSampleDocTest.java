package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.Mask;
import io.github.cpsample.inference.Device;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/guide/ways-to-sample.md shows is what works. */
class WaysToSampleDocTest {

  @Test
  void theRequestsWork(@TempDir Path folder) throws IOException {
    FloatImage photo = FloatImage.copyOf(TinyModel.SHAPE, new float[16], 0);
    BufferedImage picture = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(1, 1, 0xFFFFFF);
    Mask mask = Mask.of(picture);
    SampleRequest variations = SampleRequest.of(4).withStart(photo, 0.6);
    SampleRequest filled =
        SampleRequest.of(4).withInpainting(Inpainting.of(photo, Mask.of(picture)));
    SampleRequest repeated =
        SampleRequest.of(4).withInpainting(Inpainting.of(photo, mask).resampled(4, 5));
    SampleRequest between = SampleRequest.of(8).withSeed(3).withInterpolation(9);
    SampleRequest larger = SampleRequest.of(4).withSize(48, 32);
    new TinyModel(8, 4).bundle(0).toDirectory(folder.resolve("bundle"));
    try (ModelBundle bundle = ModelBundle.open(folder.resolve("bundle"));
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      for (SampleRequest request : List.of(variations, filled, repeated, between)) {
        SampleResult result = sampler.sample(request, Progress.none());
        assertEquals(request.count(), result.images().size());
      }
      assertThrows(
          IllegalArgumentException.class,
          () -> sampler.sample(larger, Progress.none()),
          "this model has one size");
    }
    String docs =
        Files.readString(
            Path.of("..", "docs", "guide", "ways-to-sample.md"), StandardCharsets.UTF_8);
    String snippet = docs.split("```java\n", 2)[1].split("```", 2)[0];
    Path source = Path.of("src/test/java/io/github/cpsample/sampling/WaysToSampleDocTest.java");
    String code = collapsed(Files.readString(source, StandardCharsets.UTF_8));
    assertTrue(code.contains(collapsed(snippet)), "not compiled here: " + snippet);
  }

  private static String collapsed(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
