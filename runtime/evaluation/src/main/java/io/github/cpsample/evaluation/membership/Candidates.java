package io.github.cpsample.evaluation.membership;

import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import java.util.ArrayList;
import java.util.List;

/**
 * Images about which an attacker wants to know whether the model was trained on them: the first of
 * a source. They are read again for every attack.
 */
final class Candidates {

  private final ImageShape shape;
  private final RowSource rows;
  private final int size;

  /**
   * Takes images.
   *
   * @param name of the set, for messages
   * @throws IllegalArgumentException if there are fewer than 2 or they have another size
   */
  Candidates(String name, ImageShape shape, RowSource rows, int most) {
    Checks.argument(
        rows.size() >= 2 && rows.width() == shape.size(),
        name,
        "at least 2 images of " + shape.size() + " values",
        rows.size() + " of " + rows.width());
    this.shape = shape;
    this.rows = rows;
    this.size = Math.min(most, rows.size());
  }

  int size() {
    return size;
  }

  /** Some images after another, [N,C,H,W]. */
  float[] joined(int first, int count) {
    float[] joined = new float[count * shape.size()];
    for (int i = 0; i < count; i++) {
      rows.read(first + i, joined, i * shape.size());
    }
    return joined;
  }

  float[][] rows(int first, int count) {
    return rows.rows(first, first + count);
  }

  List<FloatImage> pictures(int first, int count) {
    float[] joined = joined(first, count);
    List<FloatImage> pictures = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      pictures.add(FloatImage.copyOf(shape, joined, i * shape.size()));
    }
    return pictures;
  }
}
