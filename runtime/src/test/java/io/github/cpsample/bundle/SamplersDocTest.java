package io.github.cpsample.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.diffusion.Sampler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/reference/samplers.md shows is what works. */
class SamplersDocTest {

  @Test
  void theSnippetMakesASampler(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("scheduler_config.json");
    Files.writeString(file, "{\"_class_name\": \"DDIMScheduler\", \"num_train_timesteps\": 1000}");
    SchedulerConfig config = SchedulerConfig.read(file);
    Sampler sampler = config.sampler(30).create(config.createSchedule(), config.predictionType());
    assertEquals(30, sampler.steps().size());
    String docs =
        Files.readString(Path.of("..", "docs", "reference", "samplers.md"), StandardCharsets.UTF_8);
    String snippet = docs.split("```java\n", 2)[1].split("```", 2)[0];
    Path source = Path.of("src/test/java/io/github/cpsample/bundle/SamplersDocTest.java");
    String code = collapsed(Files.readString(source, StandardCharsets.UTF_8));
    assertTrue(code.contains(collapsed(snippet)), "not compiled here: " + snippet);
  }

  private static String collapsed(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
