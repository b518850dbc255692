package io.github.cpsample.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.cpsample.tools.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFolderTest {

  @TempDir private Path folder;

  @BeforeEach
  void earlierReport() throws IOException {
    for (String name : List.of("index.html", "mine.txt", "report.json", "worst-pairs.png")) {
      Files.writeString(folder.resolve(name), "earlier");
    }
  }

  /** Also if the work is interrupted right after it began. */
  @Test
  void picturesOfAnEarlierAuditGoBeforeAnAuditWithoutTrainingImages() throws IOException {
    new ReportFolder(folder, false).begin();
    assertEquals(List.of("mine.txt", "report.json"), CommandRun.files(folder));
  }

  @Test
  void otherwiseAnEarlierReportStaysUntilTheNextIsThere() throws IOException {
    new ReportFolder(folder, true).begin();
    assertEquals(
        List.of("index.html", "mine.txt", "report.json", "worst-pairs.png"),
        CommandRun.files(folder));
  }
}
