package io.github.cpsample.tools.training;

import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.evaluation.store.RowDigest;
import io.github.cpsample.trainer.data.BrokenImageException;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.DataException;
import io.github.cpsample.trainer.data.ImageDataset;
import java.util.stream.IntStream;

/**
 * The readable images of a data set, read from its files whenever they are needed: neither in
 * memory nor copied to where the report is.
 */
public final class DatasetRows implements RowSource {

  private final ImageDataset dataset;
  private final int[] readable;
  private final String hash;

  private DatasetRows(ImageDataset dataset, int[] readable, String hash) {
    this.dataset = dataset;
    this.readable = readable;
    this.hash = hash;
  }

  /**
   * Reads every image once.
   *
   * @param dataset the images; not owned, and to be closed later than this is used
   * @param broken where broken images are reported; they are left out
   * @return the others, in order
   * @throws DataException if none is readable
   */
  public static DatasetRows of(ImageDataset dataset, BrokenImages broken) {
    RowDigest digest = new RowDigest();
    float[] pixels = new float[dataset.shape().size()];
    int[] readable =
        IntStream.range(0, dataset.size())
            .filter(
                index -> {
                  try {
                    dataset.read(index, pixels, 0);
                  } catch (BrokenImageException e) {
                    broken.report(e);
                    return false;
                  }
                  digest.add(pixels);
                  return true;
                })
            .toArray();
    if (readable.length == 0) {
      throw new DataException("all " + dataset.size() + " images are broken");
    }
    return new DatasetRows(dataset, readable, digest.hex());
  }

  /**
   * Which images these are.
   *
   * @return the SHA-256 of their values in order, hexadecimal
   */
  public String hash() {
    return hash;
  }

  @Override
  public int size() {
    return readable.length;
  }

  @Override
  public int width() {
    return dataset.shape().size();
  }

  @Override
  public void read(int row, float[] target, int offset) {
    try {
      dataset.read(readable[row], target, offset);
    } catch (BrokenImageException e) {
      throw new IllegalStateException(
          e.getMessage() + "; it was readable when the audit began: leave the images alone", e);
    }
  }
}
