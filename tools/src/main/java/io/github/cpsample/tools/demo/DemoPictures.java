package io.github.cpsample.tools.demo;

import io.github.cpsample.evaluation.judging.ProtectionMeasurement;
import io.github.cpsample.evaluation.judging.ProtectionMeasurement.Side;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.tools.picture.LabelledGrid;
import io.github.cpsample.tools.picture.LabelledGrid.Cell;
import io.github.cpsample.tools.picture.LabelledGrid.Row;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Pictures that show unprotected and protected images, and what they are near to. */
final class DemoPictures {

  private static final int COLUMNS = 12;
  private static final int COMPARISON_SIDE = 84;
  private static final int OVERVIEW_SIDE = 56;
  private static final int OVERVIEW_COLUMNS = 16;
  private static final int OVERVIEW_ROWS = 6;

  private final ProtectionMeasurement measured;
  private final float[][] training;
  private final ImageShape shape;

  DemoPictures(ProtectionMeasurement measured, float[][] training, ImageShape shape) {
    this.measured = measured;
    this.training = training;
    this.shape = shape;
  }

  /** Images beside their nearest training images, for the first seeds, whatever they gave. */
  BufferedImage firstSeeds() {
    int count = Math.min(COLUMNS, measured.unprotectedSide().result().images().size());
    return compare("The first " + count + " seeds", IntStream.range(0, count).boxed().toList());
  }

  /** The same for seeds whose unprotected images replicate training images, each only once. */
  BufferedImage replicas() {
    List<ReplicaRule.Match> replicas = measured.unprotectedSide().verdict().replicas().replicas();
    List<Integer> chosen = new ArrayList<>();
    List<Integer> shown = new ArrayList<>();
    for (ReplicaRule.Match match : replicas) {
      if (chosen.size() < COLUMNS && !shown.contains(match.nearest())) {
        chosen.add(match.image());
        shown.add(match.nearest());
      }
    }
    return chosen.isEmpty()
        ? firstSeeds()
        : compare("Seeds whose unprotected images are replicas", chosen);
  }

  private BufferedImage compare(String title, List<Integer> images) {
    List<Row> rows = new ArrayList<>();
    addSide(rows, measured.unprotectedSide(), "without protection", images);
    addSide(rows, measured.protectedSide(), "with protection", images);
    List<String> lines =
        List.of(title, "same seed in a column; red frame: a replica of the image below it");
    return new LabelledGrid(lines, rows, scale(COMPARISON_SIDE)).draw();
  }

  private void addSide(List<Row> rows, Side side, String name, List<Integer> images) {
    List<Cell> generated = new ArrayList<>();
    List<Cell> nearest = new ArrayList<>();
    for (int image : images) {
      ReplicaRule.Match match = side.verdict().replicas().matches().get(image);
      generated.add(new Cell(side.result().image(image).toBufferedImage(), match.replica()));
      float[] original = training[match.nearest()];
      nearest.add(new Cell(FloatImage.copyOf(shape, original, 0).toBufferedImage(), false));
    }
    rows.add(new Row(List.of(name), generated, !rows.isEmpty()));
    rows.add(new Row(List.of("nearest training", "image to it"), nearest, false));
  }

  /** Many images of one side, replicas framed. */
  BufferedImage overview(Side side, String name) {
    int count = Math.min(OVERVIEW_COLUMNS * OVERVIEW_ROWS, side.result().images().size());
    List<Row> rows = new ArrayList<>();
    for (int from = 0; from < count; from += OVERVIEW_COLUMNS) {
      rows.add(
          new Row(
              List.of(),
              IntStream.range(from, Math.min(count, from + OVERVIEW_COLUMNS))
                  .mapToObj(i -> cell(side, i))
                  .toList(),
              false));
    }
    String title =
        String.format(
            Locale.ROOT,
            "%s: %.1f %% of %d images are replicas (red)",
            name,
            100 * side.replicaRate(),
            side.result().images().size());
    return new LabelledGrid(List.of(title), rows, scale(OVERVIEW_SIDE)).draw();
  }

  private int scale(int side) {
    return Math.max(1, side / shape.width());
  }

  private static Cell cell(Side side, int image) {
    return new Cell(
        side.result().image(image).toBufferedImage(),
        side.verdict().replicas().matches().get(image).replica());
  }
}
