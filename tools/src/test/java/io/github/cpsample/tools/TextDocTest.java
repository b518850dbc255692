package io.github.cpsample.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.inference.Conditioning;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.trainer.pipeline.TinyPipeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/guide/text-and-latents.md shows is what works. */
class TextDocTest {
  private static final Path DOCS = Path.of("..", "docs", "guide", "text-and-latents.md");
  private static final Path SOURCE =
      Path.of("src/test/java/io/github/cpsample/tools/TextDocTest.java");

  @Test
  void theSnippetsStandHere(@TempDir Path folder) throws IOException {
    SampleRequest request =
        SampleRequest.of(4)
            .withConditioning(
                Conditioning.NONE
                    .withPrompt("a red cat")
                    .withNegativePrompt("dark")
                    .withGuidanceScale(7.5));
    assertEquals(4, request.count());
    TinyPipeline.write(folder, 1);
    assertTrue(Files.exists(folder.resolve("model_index.json")));
    String code = collapsed(Files.readString(SOURCE, StandardCharsets.UTF_8));
    List<String> snippets = blocks("java");
    assertEquals(2, snippets.size());
    for (String snippet : snippets) {
      assertTrue(code.contains(collapsed(snippet)), "not compiled here: " + snippet);
    }
  }

  @Test
  void everyOptionExists() throws IOException {
    List<String> commands =
        blocks("sh").stream().flatMap(String::lines).filter(line -> !line.isBlank()).toList();
    assertEquals(2, commands.size());
    for (String command : commands) {
      List<String> words = Pattern.compile("\\s+").splitAsStream(command.strip()).toList();
      CommandRun help = CommandRun.of(words.get(1), "--help");
      assertEquals(0, help.code(), command);
      for (String word : words) {
        assertTrue(!word.startsWith("--") || help.out().contains(word), word + " in " + command);
      }
    }
  }

  private static List<String> blocks(String language) throws IOException {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(DOCS, StandardCharsets.UTF_8))
        .results()
        .map((MatchResult block) -> block.group(1))
        .toList();
  }

  private static String collapsed(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
