package io.github.cpsample.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.quality.EmbedderSpec;
import io.github.cpsample.evaluation.quality.Layout;
import io.github.cpsample.evaluation.quality.Preprocessing;
import io.github.cpsample.evaluation.quality.Resize;
import io.github.cpsample.evaluation.replication.SearchSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/guide/embedders.md shows is what works. */
class EmbedderDocTest {

  private static final DocText PAGE = new DocText("docs/guide/embedders.md");
  private static final Path FILE = Path.of("..", "docs", "guide", "embedders.md");

  @Test
  void itsCommandsExist() throws IOException {
    assertEquals(6, PAGE.checkCommands());
  }

  @Test
  void itsEmbeddersAreRead() throws IOException {
    List<EmbedderSpec> specs =
        PAGE.blocks("sh").stream()
            .flatMap(block -> Pattern.compile("--embedder (\\S+)").matcher(block).results())
            .map(found -> EmbedderSpec.parse(found.group(1)))
            .toList();
    assertEquals(
        List.of("dino", "inception", "mine", "embedder", "pytorch-fid", "clean-fid"),
        specs.stream().map(EmbedderSpec::name).toList());
    assertEquals(
        List.of(
            Preprocessing.IMAGENET,
            Preprocessing.PYTORCH_FID,
            Preprocessing.UNIT,
            Preprocessing.SIGNED,
            Preprocessing.PYTORCH_FID,
            Preprocessing.CLEAN_FID),
        specs.stream().map(EmbedderSpec::range).map(Optional::orElseThrow).toList());
  }

  @Test
  void itNamesEveryValueOfEveryKey() throws IOException {
    String page = Files.readString(FILE);
    Stream.of(
            Arrays.stream(Preprocessing.values()).map(it -> "| `" + it.label() + "` |"),
            Arrays.stream(Layout.values()).map(it -> "`layout=" + it.label() + "`"),
            Arrays.stream(Resize.values()).map(it -> "`resize=" + it.label() + "`"),
            Stream.of("`size=N`", "`features=D`", "`output=NAME`", "`name=`", "`range=`"))
        .flatMap(it -> it)
        .forEach(text -> assertTrue(page.contains(text), text));
  }

  @Test
  void itNamesTheLimitOfAnExactSearch() throws IOException {
    String page = Files.readString(FILE);
    assertTrue(page.contains("67 million numbers"));
    assertEquals(67, SearchSettings.EXACT_NUMBERS / 1_000_000);
    assertEquals(85, SearchSettings.EXACT_NUMBERS / (28 * 28) / 1000);
    assertEquals(21, SearchSettings.EXACT_NUMBERS / (3 * 32 * 32) / 1000);
  }
}
