package io.github.cpsample.trainer.training;

/** The check that all trainings share. */
final class BatchSizes {

  private BatchSizes() {}

  static void require(int batchSize) {
    if (batchSize < 1) {
      throw new IllegalArgumentException(
          "Batch size: expected at least 1 image, found " + batchSize);
    }
  }
}
