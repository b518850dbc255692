package io.github.cpsample.evaluation.calibration;

import io.github.cpsample.base.Checks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** All that was sampled of one setting on one run of seeds. Grows; belongs to one thread. */
public final class Series {

  private final List<BatchResult> batches = new ArrayList<>();
  private final List<ImageResult> images = new ArrayList<>();

  /** Of nothing yet. */
  public Series() {}

  /**
   * Adds the next block.
   *
   * @param batch beginning where the last one ended
   */
  void add(BatchResult batch) {
    if (!batches.isEmpty() && batch.firstSeed() != batches.get(0).firstSeed() + images.size()) {
      throw new IllegalArgumentException(
          "series: expected the block of seed "
              + (batches.get(0).firstSeed() + images.size())
              + ", found that of "
              + batch.firstSeed());
    }
    batches.add(batch);
    images.addAll(batch.images());
  }

  /** The blocks in their order. */
  List<BatchResult> batches() {
    return Collections.unmodifiableList(batches);
  }

  /** The images in the order of their seeds. */
  List<ImageResult> images() {
    return Collections.unmodifiableList(images);
  }

  int size() {
    return images.size();
  }

  int replicas() {
    return (int) images.stream().filter(ImageResult::replica).count();
  }

  double[] ratios() {
    return images.stream().mapToDouble(ImageResult::ratio).toArray();
  }

  double[] heldOutDistances() {
    return images.stream().mapToDouble(ImageResult::heldOutDistance).toArray();
  }

  /** Features of some images, given by their places; in the order of the places. */
  double[][] features(int[] places) {
    return IntStream.of(places)
        .mapToObj(i -> images.get(i).features().stream().mapToDouble(Float::doubleValue).toArray())
        .toArray(double[][]::new);
  }

  double stepsGuarded() {
    long guarded = images.stream().mapToLong(ImageResult::guardedSteps).sum();
    return (double) guarded / batches.stream().mapToLong(BatchResult::denoiserRows).sum();
  }

  double classifierRowsPerImage() {
    return (double) batches.stream().mapToLong(BatchResult::classifierRows).sum() / images.size();
  }

  /** The first images as a series, a whole number of blocks. */
  Series first(int count) {
    Series part = new Series();
    for (BatchResult batch : batches) {
      if (part.size() < count) {
        part.add(batch);
      }
    }
    Checks.argument(
        part.size() == count, "series", "blocks that end after " + count + " images", part.size());
    return part;
  }
}
