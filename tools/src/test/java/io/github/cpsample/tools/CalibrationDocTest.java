package io.github.cpsample.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.TinyImages;
import io.github.cpsample.evaluation.calibration.CalibrationPlan;
import io.github.cpsample.evaluation.calibration.CandidateGrid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What docs/guide/calibration.md shows is what works. */
class CalibrationDocTest {

  private static final DocText PAGE = new DocText("docs/guide/calibration.md");

  @TempDir private Path folder;

  @Test
  void itsCommandsExist() throws IOException {
    assertEquals(4, PAGE.checkCommands());
  }

  /**
   * The first command as it stands, on a tiny model; it takes the batches that the grid asks for.
   */
  @Test
  void itsFirstCommandWorks() throws IOException {
    TinyBundle.memorising().toDirectory(folder.resolve("photos-model"));
    TinyImages.write(folder.resolve("photos"), 1, 2, 3, 4, 5, 6, 7);
    TinyImages.write(folder.resolve("others"), LongStream.range(100, 110).toArray());
    List<String> words =
        DocText.words(PAGE.blocks("sh").get(0)).stream()
            .map(
                word -> Files.exists(folder.resolve(word)) ? folder.resolve(word).toString() : word)
            .collect(Collectors.toList());
    words.remove(0);
    words.addAll(List.of("--grid", "small", "--first-count", "8", "--tuning-count", "8"));
    CommandRun run = CommandRun.of(words.toArray(String[]::new));
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("manifest.json"), run.out());
  }

  @ParameterizedTest
  @EnumSource(CandidateGrid.Size.class)
  void itsGridsAreThoseOfTheTool(CandidateGrid.Size size) throws IOException {
    CandidateGrid grid = CandidateGrid.of(size, List.of(32), 50, 1000);
    String name = "| `" + size.name().toLowerCase(Locale.ROOT) + "` |";
    String row =
        Files.readString(Path.of("..", "docs", "guide", "calibration.md"))
            .lines()
            .filter(line -> line.startsWith(name))
            .findFirst()
            .orElseThrow();
    String alphas = numbers(grid.alphas());
    String scales =
        grid.scales().stream().map(it -> "" + it.intValue()).collect(Collectors.joining(" "));
    assertTrue(row.startsWith(name + " " + alphas + " | " + scales + " |"), row);
    int all = grid.alphas().size() * grid.scales().size() * grid.ranges().size();
    assertTrue(row.endsWith("| " + all + " |"), row);
  }

  private static String numbers(List<Double> values) {
    return values.stream().map(it -> it.toString().substring(1)).collect(Collectors.joining(" "));
  }

  @Test
  void itsCountsAreThoseOfTheTool() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "guide", "calibration.md"));
    assertEquals(650, CalibrationPlan.usualCount(0.01));
    assertEquals(6500, CalibrationPlan.usualCount(0.001));
    assertTrue(
        page.replaceAll("\\s+", " ").contains("650 for 1 %, 6,500 for 0.1 %"),
        "the counts of the page");
  }
}
