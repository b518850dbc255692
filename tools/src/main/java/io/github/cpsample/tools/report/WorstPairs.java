package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.audit.AuditSettings;
import io.github.cpsample.evaluation.audit.ReportPictures;
import io.github.cpsample.evaluation.figures.Report;
import io.github.cpsample.evaluation.figures.WorstPair;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.tools.picture.LabelledGrid;
import io.github.cpsample.tools.picture.LabelledGrid.Cell;
import io.github.cpsample.tools.picture.LabelledGrid.Row;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The picture of an audit: what came nearest to a training image, and its protected twin.
 *
 * @param report the figures
 * @param pictures where images come from
 */
record WorstPairs(Report report, ReportPictures pictures) {

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
