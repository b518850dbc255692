package io.github.cpsample.sampling;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.Combination;
import io.github.cpsample.diffusion.Combination.Term;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.diffusion.SamplerStep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The factors that docs/reference/samplers.md shows are those of the samplers. */
class SamplerTableDocTest {

  @TempDir private Path folder;

  @Test
  void theFactorsShownAreThoseOfTheSamplers() throws IOException {
    String docs =
        Files.readString(Path.of("..", "docs", "reference", "samplers.md"), StandardCharsets.UTF_8);
    StringBuilder table = new StringBuilder();
    try (ModelBundle bundle = TinyBundles.open(folder, 0, 0.15)) {
      for (SamplerKind kind : SamplerKind.values()) {
        SampleSettings settings =
            SampleSettings.of(
                bundle.manifest(), SampleRequest.of(1).withSampler(kind).withSteps(5));
        SamplerStep step =
            settings
                .plan(bundle.manifest().schedule().create(), bundle.manifest().denoiser())
                .steps()
                .get(2);
        SamplerStep.Update update = step.update(2, true);
        table.append(
            "| `%s` | %s | %s |%n"
                .formatted(kind.label(), text(update.remembered()), text(update.next()))
                .replace(System.lineSeparator(), "\n"));
      }
    }
    assertTrue(docs.contains(table), "docs/reference/samplers.md: expected\n" + table);
  }

  private static String text(Combination combination) {
    StringJoiner sum = new StringJoiner(" ");
    for (Term term : Term.values()) {
      add(sum, combination.of(term), term.name().toLowerCase(Locale.ROOT));
    }
    for (int age = 0; age < combination.reach(); age++) {
      add(sum, combination.ofRemembered(age), "m" + age);
    }
    return sum.length() == 0 ? "-" : sum.toString();
  }

  private static void add(StringJoiner sum, double factor, String of) {
    if (factor != 0) {
      sum.add(String.format(Locale.ROOT, "%+.4f %s", factor, of));
    }
  }
}
