package io.github.cpsample.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/audit.md shows is what works. */
class AuditDocTest {

  private static final DocText PAGE = new DocText("docs/audit.md");

  @TempDir private Path folder;

  @Test
  void itsCommandsExist() throws IOException {
    assertEquals(1, PAGE.checkCommands());
  }

  /** Every field on the first level of a report is in the table. */
  @Test
  void itNamesTheFieldsOfAReport() throws IOException {
    Path model = folder.resolve("model");
    TinyBundle.memorising().toDirectory(model);
    TinyImages.write(folder.resolve("training"), 1, 2, 3, 4, 5, 6, 7);
    TinyImages.write(folder.resolve("others"), LongStream.range(100, 106).toArray());
    CommandRun run =
        CommandRun.of(
            "audit",
            "--model",
            model.toString(),
            "--train",
            folder.resolve("training").toString(),
            "--holdout",
            folder.resolve("others").toString(),
            "--count",
            "4",
            "--out",
            folder.resolve("report").toString());
    assertEquals(0, run.code(), run.err());
    String report = Files.readString(folder.resolve("report").resolve("report.json"));
    String page = Files.readString(Path.of("..", "docs", "audit.md"));
    report
        .lines()
        .filter(line -> line.startsWith("  \""))
        .map(line -> line.substring(3, line.indexOf('"', 3)))
        .forEach(field -> assertTrue(page.contains("`" + field + "`"), field));
  }
}
