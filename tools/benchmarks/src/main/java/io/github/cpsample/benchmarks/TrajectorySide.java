package io.github.cpsample.benchmarks;

/** One way to sample a batch of images. Holds native memory. */
interface TrajectorySide extends AutoCloseable {

  /** Samples the batch, always the same: images [N,C,H,W] about [-1,1]. */
  float[] sample();

  @Override
  void close();
}
