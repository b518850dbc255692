package io.github.cpsample.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.TinyImages;
import io.github.cpsample.evaluation.comparators.ComparedMethods;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/guide/audit.md shows is what works. */
class AuditDocTest {

  private static final DocText PAGE = new DocText("docs/guide/audit.md");

  @TempDir private Path folder;

  @Test
  void itsCommandsExist() throws IOException {
    assertEquals(1, PAGE.checkCommands());
    assertEquals(2, new DocText("docs/guide/scale-out.md").checkCommands());
  }

  /** What it says is in the folder of a report is there, and nothing else. */
  @Test
  void itNamesTheFilesOfAReport() throws IOException {
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
    String page = Files.readString(Path.of("..", "docs", "guide", "audit.md"));
    List<String> files = CommandRun.files(folder.resolve("report"));
    assertEquals(4, files.size(), files::toString);
    files.forEach(file -> assertTrue(page.contains("| `" + file + "` |"), file));
  }

  /** Every method that can be named is described. */
  @Test
  void itDescribesTheMethods() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "guide", "audit.md"));
    ComparedMethods.NAMES.forEach(name -> assertTrue(page.contains("| `" + name + "` |"), name));
  }
}
