package io.github.cpsample.evaluation.membership;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.figures.Deployment;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.guard.CertaintyCheck;
import io.github.cpsample.sampling.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings, sources and bounds that docs/reference/attacks.md names are those of the program. */
class AttacksPageTest {

  private static final Pattern ARXIV = Pattern.compile("arXiv \\d{4}\\.\\d{5}");
  private static final Pattern NUMBER = Pattern.compile("(t|p|t_sec|k)=(\\d+)");

  @TempDir Path folder;
  private String page;

  @BeforeEach
  void read() throws IOException {
    page = Files.readString(Path.of("..", "..", "docs", "reference", "attacks.md"));
  }

  @Test
  void everyAttacksSourceAndSettingsAreOnThePage() {
    try (AttackedTiny tiny = new AttackedTiny(folder)) {
      List<MembershipFigures> attacks =
          tiny.stages(100).stream()
              .flatMap(stage -> stage.run(Progress.none()).attacks().stream())
              .toList();
      for (MembershipFigures attack : attacks) {
        Matcher source = ARXIV.matcher(attack.source());
        while (source.find()) {
          assertTrue(page.contains(source.group()), attack.source());
        }
        Matcher number = NUMBER.matcher(attack.attack());
        while (number.find()) {
          String setting = number.group(1) + " = " + number.group(2);
          assertTrue(page.contains(setting), attack.attack());
        }
      }
      for (Deployment deployment : Deployments.of(attacks)) {
        String last = deployment.name().replaceAll("^server that (also )?", "");
        assertTrue(page.contains(last.replaceAll(" \\(.*| on noised.*", "")), deployment.name());
      }
    }
  }

  @Test
  void theBoundsAreOnThePage() {
    assertTrue(page.contains(String.format(Locale.ROOT, "%.2f", Deployments.TOLERATED_AUC)));
    assertTrue(
        page.contains(
            String.format(
                Locale.ROOT,
                "%.0f %% of the members",
                100 * Deployments.TOLERATED_TRUE_POSITIVES)));
    assertTrue(page.contains(CertaintyCheck.DRAWS + " draws"));
  }
}
