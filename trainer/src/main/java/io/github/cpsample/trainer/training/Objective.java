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
}
