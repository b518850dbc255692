package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.audit.ReportPictures;
import io.github.cpsample.evaluation.figures.Report;
import io.github.cpsample.files.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Writes the report of an audit as one HTML file. It holds no script and refers to nothing outside
 * of itself: pictures and charts are in it. Thread-safe if the source of its pictures is.
 */
public final class ReportWriter {

  private final ReportPictures pictures;
  private final boolean trainingImages;

  /**
   * A writer of reports.
   *
   * @param pictures where pictures come from; not owned
   * @param trainingImages whether training images are shown; otherwise the report says that they
   *     were left out
   */
  public ReportWriter(ReportPictures pictures, boolean trainingImages) {
    this.pictures = pictures;
    this.trainingImages = trainingImages;
  }

  /**
   * Writes a report.
   *
   * @param report the figures
   * @param file usually {@code index.html}; replaced if it exists
   * @throws IOException if it cannot be written; a file of this name is then unchanged
   */
  public void write(Report report, Path file) throws IOException {
    byte[] page =
        new Page(new ReportView(report, pictures, trainingImages))
            .text()
            .getBytes(StandardCharsets.UTF_8);
    WholeFile.write(file, out -> out.write(page));
  }
}
