package io.github.cpsample.diffusers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.onnx.ElementType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/guide/third-party.md shows is what works. */
class ThirdPartyDocTest {

  @Test
  void theSnippetOpensADenoiser(@TempDir Path folder) throws IOException {
    TinyVariant.of(ElementType.FLOAT, ElementType.INT64, "", 0).write(folder.resolve("unet"));
    Files.createDirectories(folder.resolve("scheduler"));
    Files.writeString(
        folder.resolve("scheduler/scheduler_config.json"), "{\"_class_name\": \"DDPMScheduler\"}");
    ThirdPartyDenoiser denoiser =
        ThirdPartyDenoiser.open(folder, DenoiserOptions.none(), ResolvedDevice.of(Device.auto()));
    String images = denoiser.spec().signature().input().describe();
    String sampler = denoiser.scheduler().className();
    assertEquals("float[?,1,4,4]", images);
    assertEquals("DDPMScheduler", sampler);
    String docs =
        Files.readString(Path.of("..", "docs", "guide", "third-party.md"), StandardCharsets.UTF_8);
    String snippet = docs.split("```java\n", 2)[1].split("```", 2)[0];
    Path source = Path.of("src/test/java/io/github/cpsample/diffusers/ThirdPartyDocTest.java");
    String code = collapsed(Files.readString(source, StandardCharsets.UTF_8));
    assertTrue(code.contains(collapsed(snippet)), "not compiled here: " + snippet);
  }

  private static String collapsed(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
