package io.github.cpsample.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.trainer.export.DenoiserBase;
import io.github.cpsample.trainer.training.DenoiserTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/guide/training.md and the page of the base show is what works. */
class TrainingDocTest {

  private static final DocText PAGE = new DocText("docs/guide/training.md");
  private static final DocText BASE_PAGE = new DocText("exported-models/base/README.md");
  private static final Path BASE = Path.of("..", "exported-models", "base");

  @TempDir private Path folder;

  @Test
  void theirCommandsExist() throws IOException {
    assertEquals(3, PAGE.checkCommands());
    assertEquals(1, BASE_PAGE.checkCommands());
  }

  @ParameterizedTest
  @ValueSource(strings = {"from", "keep", "keep-share", "without", "averaging", "base"})
  void everyOptionOfFineTuningIsDescribed(String option) throws IOException {
    String help = CommandRun.ofLine("train denoiser --help").out();
    assertTrue(help.contains(" --" + option + " "), help);
    String page = Files.readString(Path.of("..", "docs", "guide", "training.md"));
    assertTrue(page.contains("`--" + option + "`"), option);
  }

  private CommandRun shortened(String command, String out) {
    List<String> words = new ArrayList<>();
    for (String word : DocText.words(command).subList(1, DocText.words(command).size())) {
      if (word.equals("exported-models/base")) {
        words.add(BASE.toString());
      } else if (word.startsWith("runs/")) {
        words.add(folder.resolve(out).toString());
      } else {
        words.add(word.matches("2000|9000") ? "1" : word);
      }
    }
    return CommandRun.of(words.toArray(String[]::new));
  }

  @Test
  void theCommandOfThePageFineTunesTheBase() throws IOException {
    CommandRun run = shortened(PAGE.blocks("sh").get(0), "tuned");
    assertEquals(0, run.code(), run.err());
    assertEquals(0.3, DenoiserTraining.read(folder.resolve("tuned")).run().origin().keepShare());
  }

  /** With other images and a single step, since what counts here are the settings. */
  @Test
  void theCommandOfTheBaseHasTheSettingsOfItsRecipe() throws IOException {
    String command =
        BASE_PAGE
            .blocks("sh")
            .get(0)
            .replace("train-images-idx3-ubyte.gz", "fashion-mnist --limit 8")
            .replace(" --without fashion-mnist", "")
            .replace(" --base exported-models/base", "");
    assertTrue(command.contains(" --steps " + DenoiserBase.recipe(BASE).steps() + " "), command);
    CommandRun run = shortened(command, "base");
    assertEquals(0, run.code(), run.err());
    assertEquals(
        DenoiserBase.recipe(BASE).settings(),
        DenoiserTraining.read(folder.resolve("base")).run().settings());
  }
}
