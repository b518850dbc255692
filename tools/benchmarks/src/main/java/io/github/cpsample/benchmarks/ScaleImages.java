package io.github.cpsample.benchmarks;

import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.trainer.data.BrokenImageException;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.ImageDatasets;
import java.nio.file.Path;
import java.util.Random;

/** Images of 3 x 32 x 32 for measuring an audit. */
final class ScaleImages {

  /** The shape of all of them. */
  static final ImageShape SHAPE = new ImageShape(3, 32, 32);

  private static final int CLUSTERS = 1000;
  private static final int COARSE = 8;

  private ScaleImages() {}

  /** The images of a folder, then the same images mirrored. */
  static final class Mirrored implements RowSource, AutoCloseable {

    private final ImageDataset images;
    private final int count;

    Mirrored(Path folder, int count) {
      this.images = ImageDatasets.open(folder, SHAPE);
      this.count = count;
      if (count > 2 * images.size()) {
        images.close();
        throw new IllegalArgumentException(
            folder + ": expected at least " + (count + 1) / 2 + " images, found " + images.size());
      }
    }

    @Override
    public int size() {
      return count;
    }

    @Override
    public int width() {
      return SHAPE.size();
    }

    @Override
    public void read(int row, float[] target, int offset) {
      try {
        images.read(row % images.size(), target, offset);
      } catch (BrokenImageException e) {
        throw new IllegalArgumentException(e);
      }
      if (row >= images.size()) {
        mirror(target, offset);
      }
    }

    private static void mirror(float[] image, int offset) {
      int width = SHAPE.width();
      for (int line = offset; line < offset + SHAPE.size(); line += width) {
        for (int x = 0; x < width / 2; x++) {
          float left = image[line + x];
          image[line + x] = image[line + width - 1 - x];
          image[line + width - 1 - x] = left;
        }
      }
    }

    @Override
    public void close() {
      images.close();
    }
  }

  /**
   * Made-up images: one of a thousand coarse patterns each, bent by a coarse pattern of its own,
   * and a little noise.
   *
   * @param count how many
   * @param seed images of other seeds have the same thousand patterns
   */
  record MadeUp(int count, long seed) implements RowSource {

    @Override
    public int size() {
      return count;
    }

    @Override
    public int width() {
      return SHAPE.size();
    }

    @Override
    public void read(int row, float[] target, int offset) {
      Random own = new Random(seed + row);
      float[] common = coarse(new Random(own.nextInt(CLUSTERS)), 0.4f);
      float[] bend = coarse(own, 0.2f);
      int scale = SHAPE.height() / COARSE;
      for (int i = 0; i < SHAPE.size(); i++) {
        int channel = i / (SHAPE.height() * SHAPE.width());
        int y = i / SHAPE.width() % SHAPE.height() / scale;
        int x = i % SHAPE.width() / scale;
        int place = (channel * COARSE + y) * COARSE + x;
        float value = common[place] + bend[place] + 0.02f * (float) own.nextGaussian();
        target[offset + i] = Math.max(-1, Math.min(1, value));
      }
    }

    private static float[] coarse(Random random, float size) {
      float[] pattern = new float[SHAPE.channels() * COARSE * COARSE];
      for (int i = 0; i < pattern.length; i++) {
        pattern[i] = size * (float) random.nextGaussian();
      }
      return pattern;
    }
  }
}
