package io.github.cpsample.evaluation.store;

import io.github.cpsample.evaluation.comparators.SampleCost;
import io.github.cpsample.evaluation.comparators.Trajectory;

/**
 * What is known of a sample without its pixels.
 *
 * @param seed it began with
 * @param image its place among the delivered images, from 0; {@link #NONE} where none was delivered
 * @param trajectory what happened on the way
 * @param cost what it cost
 */
public record StoredSample(long seed, int image, Trajectory trajectory, SampleCost cost) {

  /** The place of an image that was not delivered. */
  public static final int NONE = -1;

  /**
   * Whether there is an image.
   *
   * @return false where the method delivered none
   */
  public boolean delivered() {
    return image != NONE;
  }
}
