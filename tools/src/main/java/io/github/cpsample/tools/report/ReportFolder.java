package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.audit.AuditOutput;
import io.github.cpsample.evaluation.audit.ReportPictures;
import io.github.cpsample.evaluation.figures.Report;
import io.github.cpsample.evaluation.store.JsonFile;
import io.github.cpsample.image.PngWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder of a report: {@code index.html}, {@code report.json}, {@code samples.jsonl} with a
 * line for every sample, and {@code worst-pairs.png}.
 *
 * @param folder the folder
 * @param trainingImages whether training images, and what may be a copy of one, are shown
 */
public record ReportFolder(Path folder, boolean trainingImages) implements AuditOutput {

  private static final String JSON = "report.json";
  private static final String SAMPLES = "samples.jsonl";
  private static final String PAGE = "index.html";
  private static final String PAIRS = "worst-pairs.png";

  /**
   * Where the work is while it is not done.
   *
   * @return a folder in this one
   */
  public Path work() {
    return folder.resolve("work");
  }

  /** Before the work: what an earlier audit left here shows no training images either. */
  @Override
  public void begin() throws IOException {
    if (!trainingImages) {
      Files.deleteIfExists(folder.resolve(PAGE));
      Files.deleteIfExists(folder.resolve(PAIRS));
    }
  }

  /** Writes everything; {@code report.json} last. */
  @Override
  public void write(Report report, ReportPictures pictures, SampleLines samples)
      throws IOException {
    Files.deleteIfExists(folder.resolve(JSON));
    samples.write(folder.resolve(SAMPLES));
    if (trainingImages) {
      PngWriter.write(new WorstPairs(report, pictures).draw(), folder.resolve(PAIRS));
    }
    new ReportWriter(pictures, trainingImages).write(report, folder.resolve(PAGE));
    JsonFile.write(folder.resolve(JSON), report);
  }
}
