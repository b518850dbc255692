package io.github.cpsample.trainer.training;

import ai.djl.ndarray.NDArray;

/** What a network is trained for: its examples and its loss. */
interface Objective extends AutoCloseable {

  /**
   * The examples of a step.
   *
   * @param step the step, from 0; equal steps give equal examples
   * @return the examples
   */
  Examples examples(long step);

  /**
   * The loss, a scalar.
   *
   * @param output what the network gave
   * @param target what it should have given, the same shape
   */
  NDArray loss(NDArray output, NDArray target);

  @Override
  void close();

  /**
   * A batch of training examples. The arrays are shared, not copied.
   *
   * @param count N
   * @param x noised images [N,C,H,W]
   * @param t timesteps [N]
   * @param labels class labels [N]; empty for an unconditional network
   * @param target [N,...], the shape of the network's output
   */
  @SuppressWarnings("ArrayRecordComponent") // a hand-over of one step's buffers, never compared
  record Examples(int count, float[] x, float[] t, int[] labels, float[] target) {}
}
