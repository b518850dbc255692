package io.github.cpsample.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.comparators.AmgSettings;
import io.github.cpsample.evaluation.comparators.ComparedMethods;
import io.github.cpsample.evaluation.comparators.SpellSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What docs/reference/comparators.md says is what the methods are. */
class ComparatorsDocTest {

  private static final Path PAGE = Path.of("..", "docs", "reference", "comparators.md");

  @Test
  void itsFirstTableHasEveryMethodInOrder() throws IOException {
    List<String> named =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.startsWith("| `"))
            .limit(ComparedMethods.NAMES.size())
            .map(line -> line.substring(3, line.indexOf('`', 3)))
            .toList();
    assertEquals(ComparedMethods.NAMES, named);
  }

  @Test
  void itsConstantsAreThoseOfTheMethod() throws IOException {
    String text = Files.readString(PAGE).replaceAll("\\s+", " ");
    AmgSettings published = AmgSettings.published();
    assertTrue(text.contains("A = " + published.highest() + ", B = " + published.lowest()));
    assertTrue(text.contains("c = " + published.rate()));
    assertTrue(text.contains("nL2 < " + published.trigger()));
    assertTrue(text.contains("Published are " + published.steps() + " steps"));
    assertTrue(
        text.contains(
            "s = " + String.format(Locale.ROOT, "%,d", Math.round(published.strength()))));
  }

  @Test
  void itsRadiusIsThatOfTheMethod() throws IOException {
    String text = Files.readString(PAGE).replaceAll("\\s+", " ");
    assertTrue(text.contains("r = " + SpellSettings.RADIUS_SHARE + " times the median"));
    assertTrue(text.contains("`--spell-radius`"));
  }
}
