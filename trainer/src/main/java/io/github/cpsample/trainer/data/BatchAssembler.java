package io.github.cpsample.trainer.data;

import io.github.cpsample.image.ImageShape;
import java.util.function.BooleanSupplier;

/**
 * Makes any one batch of the stream: a pure function of the batch number as long as the files do
 * not change. Where a drawn image is broken, the next readable one of its epoch takes its place.
 */
final class BatchAssembler {

  private final ImageDataset dataset;
  private final BatchSettings settings;
  private final BrokenImages broken;
  private final DrawOrder order;

  BatchAssembler(ImageDataset dataset, BatchSettings settings, BrokenImages broken) {
    this.dataset = dataset;
    this.settings = settings;
    this.broken = broken;
    this.order = new DrawOrder(dataset.size(), settings.seed());
  }

  /** The batch, or a partly filled one that nobody will see if {@code stopped} turns true. */
  Batch assemble(long number, BooleanSupplier stopped) {
    int size = settings.batchSize();
    Batch batch = new Batch(number, dataset.shape(), size, settings.bits());
    for (int slot = 0; slot < size && !stopped.getAsBoolean(); slot++) {
      fill(batch, slot, Math.addExact(Math.multiplyExact(number, size), slot));
    }
    return batch;
  }

  private void fill(Batch batch, int slot, long draw) {
    ImageShape shape = dataset.shape();
    int offset = slot * shape.size();
    int index = readDrawn(draw, batch.images(), offset);
    batch.indices()[slot] = index;
    batch.labels()[slot] = dataset.label(index).orElse(Batch.NO_LABEL);
    settings
        .code()
        .ifPresent(
            code ->
                code.write(
                    batch.images(), offset, shape.size(), batch.codes(), slot * code.bits()));
    if (settings.horizontalFlips() && order.flipped(draw)) {
      mirror(batch.images(), offset, shape);
    }
  }

  private int readDrawn(long draw, float[] images, int offset) {
    for (int skip = 0; skip < dataset.size(); skip++) {
      int index = order.index(draw, skip);
      if (broken.count() > 0 && broken.contains(dataset.name(index))) {
        continue;
      }
      try {
        dataset.read(index, images, offset);
        return index;
      } catch (BrokenImageException e) {
        broken.report(e);
      }
    }
    throw broken.allBroken(dataset);
  }

  private static void mirror(float[] images, int offset, ImageShape shape) {
    int width = shape.width();
    int end = offset + shape.size();
    for (int row = offset; row < end; row += width) {
      for (int left = row, right = row + width - 1; left < right; left++, right--) {
        float kept = images[left];
        images[left] = images[right];
        images[right] = kept;
      }
    }
  }
}
