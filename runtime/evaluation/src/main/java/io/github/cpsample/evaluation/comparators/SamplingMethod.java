package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.sampling.Progress;

/** A way to make images from seeds. Belongs to one thread. */
public interface SamplingMethod {

  /**
   * Its name in report.json and of its files, in lower case.
   *
   * @return such as {@code unprotected}
   */
  String name();

  /**
   * Its name for people.
   *
   * @return such as {@code no protection}
   */
  String title();

  /**
   * Its settings for people.
   *
   * @return one line, such as {@code ddim, 50 steps, batches of 16}
   */
  String settings();

  /**
   * Makes the images of some seeds. The image of a seed depends on the seed alone, not on which
   * seeds are asked for together (up to rounding of the last bits in batches of another size), so
   * that work that was interrupted goes on where it stopped.
   *
   * @param firstSeed the first seed
   * @param count how many seeds
   * @param sink receives the images in the order of their seeds; a method may have none for a seed
   * @param progress is told of every step, and may end the work by throwing
   */
  void sample(long firstSeed, int count, SampleSink sink, Progress progress);
}
