package io.github.cpsample.sampling;

/**
 * Sees the inside of a request, step by step: for measurements of what the guard does, by whoever
 * holds the training images.
 *
 * <p><b>What it sees is a membership test.</b> Certainties and logits tell training images from
 * others. They are for the party that the training images belong to, and never for the users of a
 * service: the plugin's interface does not offer an observer, and results hold nothing of what it
 * saw.
 */
@FunctionalInterface
public interface StepObserver {

  /**
   * Called after every step of every batch, in the thread that samples. An exception thrown from
   * here ends the request and reaches the caller unchanged.
   *
   * @param step what was done; valid during the call only
   */
  void afterStep(ObservedStep step);
}
