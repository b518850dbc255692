package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.audit.AuditOutput;
import io.github.cpsample.evaluation.audit.AuditSettings;
import io.github.cpsample.evaluation.audit.ReportPictures;
import io.github.cpsample.evaluation.figures.Report;
import io.github.cpsample.evaluation.figures.WorstPair;
import io.github.cpsample.evaluation.store.JsonFile;
import io.github.cpsample.files.WholeFile;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.PngWriter;
import io.github.cpsample.tools.picture.LabelledGrid;
import io.github.cpsample.tools.picture.LabelledGrid.Cell;
import io.github.cpsample.tools.picture.LabelledGrid.Row;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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

  /**
   * Writes the report of an audit as one HTML file. It holds no script and refers to nothing
   * outside of itself: pictures and charts are in it. Thread-safe if the source of its pictures is.
   */
  static final class ReportWriter {

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

  /**
   * The picture of an audit: what came nearest to a training image, and its protected twin.
   *
   * @param report the figures
   * @param pictures where images come from
   */
  private record WorstPairs(Report report, ReportPictures pictures) {

    private static final int SIDE = 84;

    BufferedImage draw() {
      Row without =
          row(
              List.of("without protection"),
              pair -> pictures.sample(AuditSettings.UNPROTECTED, pair.seed()),
              WorstPair::replica);
      Row nearest =
          row(
              List.of("nearest training", "image"),
              pair -> pictures.trainingImage(pair.nearest()),
              pair -> false);
      Row with =
          row(
              List.of("with protection,", "same seed"),
              pair -> pictures.sample(AuditSettings.PROTECTED, pair.seed()),
              WorstPair::protectedReplica);
      int width = without.cells().get(0).image().getWidth();
      return new LabelledGrid(
              List.of("The seeds that came nearest to a training image", "red frame: a replica"),
              List.of(without, nearest, with),
              Math.max(1, SIDE / width))
          .draw();
    }

    private Row row(
        List<String> label,
        Function<WorstPair, Optional<FloatImage>> image,
        Function<WorstPair, Boolean> marked) {
      List<Cell> cells = new ArrayList<>();
      for (WorstPair pair : report.worst()) {
        cells.add(new Cell(image.apply(pair).orElseThrow().toBufferedImage(), marked.apply(pair)));
      }
      return new Row(label, cells, false);
    }
  }
}
