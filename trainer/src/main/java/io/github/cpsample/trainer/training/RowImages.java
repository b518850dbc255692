package io.github.cpsample.trainer.training;

import io.github.cpsample.image.ImageShape;
import io.github.cpsample.trainer.data.ImageDataset;
import java.util.OptionalInt;

/** Images that somebody else holds in memory, as a data set. */
final class RowImages implements ImageDataset {

  private final ImageShape shape;
  private final float[][] rows;

  /** Shares the rows. */
  RowImages(ImageShape shape, float[][] rows) {
    this.shape = shape;
    this.rows = rows;
  }

  @Override
  public int size() {
    return rows.length;
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  @Override
  public String name(int index) {
    return "sample " + index;
  }

  @Override
  public void read(int index, float[] target, int offset) {
    System.arraycopy(rows[index], 0, target, offset, shape.size());
  }

  @Override
  public OptionalInt label(int index) {
    return OptionalInt.empty();
  }
}
