package io.github.cpsample.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.trainer.training.Exposure;
import io.github.cpsample.trainer.training.FalseAlarms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/guide/training.md says of the classifier's training is what holds without options. */
class ClassifierTrainingDocTest {

  private static String page() throws IOException {
    return Files.readString(Path.of("..", "docs", "guide", "training.md")).replaceAll("\\s+", " ");
  }

  private static String help() {
    return CommandRun.ofLine("train classifier --help").out().replaceAll("\\s+", " ");
  }

  @Test
  void itsCommandsExist() throws IOException {
    assertEquals(3, new DocText("docs/guide/training.md").checkCommands());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "strangers",
        "stranger-samples",
        "stranger-share",
        "trajectories",
        "states",
        "rise",
        "asks",
        "false-alarms",
        "background",
        "steps",
        "guarded",
        "heldout"
      })
  void itExplainsEveryOptionOfStrangersAndThresholds(String option) throws IOException {
    assertTrue(page().contains("`--" + option), option);
    assertTrue(help().contains(" --" + option + " "), option);
  }

  @Test
  void itsNumbersAreTheDefaults() throws IOException {
    Exposure standard = Exposure.standard(1000);
    Exposure.Pool pool = standard.pool();
    String page = page();
    String help = help();
    assertEquals(600, pool.lastTimestep());
    assertEquals(0.5, standard.strangerShare());
    assertTrue(page.contains("0.6 T unless given"));
    assertTrue(page.contains("(`--stranger-samples`, " + grouped(pool.samples()) + ")"));
    assertTrue(page.contains("(`--trajectories`, " + grouped(pool.trajectories()) + " samples"));
    assertTrue(page.contains("(`--states`, " + grouped(pool.states()) + ","));
    assertTrue(page.contains("each with probability " + standard.variation()));
    assertTrue(page.contains("takes " + new FalseAlarms(0.01).fewestImages() + " images for 1 %"));
    assertTrue(help.contains("samples of the denoiser to make (default: " + pool.samples() + ")"));
    assertTrue(help.contains("along their way (default: " + pool.trajectories() + ")"));
    assertTrue(help.contains("before the training (default: " + pool.states() + ")"));
    assertEquals(4_000, Exposure.stepsFor(1));
    assertEquals(6_000, Exposure.stepsFor(1_000));
    assertTrue(help.contains("default: 6 for every training image, at least 4000"));
    assertTrue(page.contains("(`--steps`, 6 for every training image, at least 4,000)"));
    assertEquals(0, standard.forImages(400).rise());
    assertEquals(0.7, standard.forImages(401).rise());
    assertTrue(help.contains("default: 0.7 where there are more than 400, otherwise 0"));
    assertTrue(page.contains("(`--rise`, 0.7 where there are more than 400 of them, otherwise 0)"));
  }

  private static String grouped(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  @Test
  void nobodyIsToldToTrainForLonger() throws IOException {
    assertFalse(page().toLowerCase(Locale.ROOT).contains("train longer"));
    assertFalse(help().toLowerCase(Locale.ROOT).contains("train longer"));
  }
}
