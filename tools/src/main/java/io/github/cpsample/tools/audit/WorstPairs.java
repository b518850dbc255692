package io.github.cpsample.tools.audit;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.similarity.ReplicaMatch;
import io.github.cpsample.tools.picture.LabelledGrid;
import io.github.cpsample.tools.picture.LabelledGrid.Cell;
import io.github.cpsample.tools.picture.LabelledGrid.Row;
import java.awt.image.BufferedImage;
import java.util.List;

/** The picture of an audit: what came nearest to a training image, and its protected twin. */
public final class WorstPairs {

  private static final int SIDE = 84;

  private WorstPairs() {}

  /**
   * Draws it.
   *
   * @param outcome of the audit
   * @param images the images it compared with
   * @param withTraining whether training images are shown
   * @return a new picture
   */
  public static BufferedImage draw(
      Audit.Outcome outcome, AuditImages images, boolean withTraining) {
    List<ReplicaMatch> worst = ReplicationFigures.worst(outcome.without());
    Row without =
        new Row(
            List.of("without protection"),
            worst.stream().map(match -> cell(outcome.without(), match.image())).toList(),
            false);
    Row nearest =
        new Row(
            List.of("nearest training", "image"),
            worst.stream().map(match -> original(images, match.nearest())).toList(),
            false);
    Row with =
        new Row(
            List.of("with protection,", "same seed"),
            worst.stream().map(match -> cell(outcome.with(), match.image())).toList(),
            false);
    return new LabelledGrid(
            List.of("The seeds that came nearest to a training image", "red frame: a replica"),
            withTraining ? List.of(without, nearest, with) : List.of(without, with),
            Math.max(1, SIDE / images.shape().width()))
        .draw();
  }

  private static Cell cell(SampledSide side, int image) {
    return new Cell(
        side.result().image(image).toBufferedImage(), side.matches().get(image).replica());
  }

  private static Cell original(AuditImages images, int index) {
    return new Cell(
        FloatImage.copyOf(images.shape(), images.training().get(index), 0).toBufferedImage(),
        false);
  }
}
