package io.github.cpsample.tools.audit.store;

import io.github.cpsample.tools.audit.sampling.SampleCost;

/**
 * What is known of a sample without its pixels.
 *
 * @param seed it began with
 * @param image its place among the delivered images, from 0; {@link #NONE} where none was delivered
 * @param steps steps of the trajectory
 * @param guardedSteps steps in which a guard bent it
 * @param cost what it cost
 */
public record StoredSample(long seed, int image, int steps, int guardedSteps, SampleCost cost) {

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
