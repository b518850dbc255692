package io.github.cpsample.tools.audit.guard;

import io.github.cpsample.tools.audit.figures.Rate;
import io.github.cpsample.tools.audit.sampling.AuditSample;
import io.github.cpsample.tools.audit.statistics.Bootstrap;
import io.github.cpsample.tools.audit.statistics.Interval;
import java.util.Arrays;

/** Counts how often protected images were guarded, two numbers per image. Not thread-safe. */
public final class GuardedImages {

  private static final int INITIAL = 64;

  private int[] steps = new int[INITIAL];
  private int[] guarded = new int[INITIAL];
  private int count;

  /** Of nothing yet. */
  public GuardedImages() {}

  /**
   * Adds an image.
   *
   * @param sample of the protected side
   */
  public void add(AuditSample sample) {
    add(sample.steps(), sample.guardedSteps());
  }

  /**
   * Adds an image.
   *
   * @param stepsOfImage at least 1
   * @param guardedSteps of them, at most as many
   */
  public void add(int stepsOfImage, int guardedSteps) {
    if (stepsOfImage < 1 || guardedSteps < 0 || guardedSteps > stepsOfImage) {
      throw new IllegalArgumentException(
          "guarded steps: expected a part of at least 1 step, found "
              + guardedSteps
              + " of "
              + stepsOfImage);
    }
    if (count == steps.length) {
      steps = Arrays.copyOf(steps, 2 * count);
      guarded = Arrays.copyOf(guarded, 2 * count);
    }
    steps[count] = stepsOfImage;
    guarded[count] = guardedSteps;
    count++;
  }

  /**
   * The share of all steps that were guarded.
   *
   * @param bootstrap resamples images
   * @return in [0, 1]
   * @throws IllegalArgumentException if there is no image
   */
  public Interval stepsGuarded(Bootstrap bootstrap) {
    return bootstrap.ofRows(count, rows -> (double) sum(guarded, rows) / sum(steps, rows));
  }

  /**
   * The share of images that were guarded at least once.
   *
   * @return the share with its interval
   * @throws IllegalArgumentException if there is no image
   */
  public Rate imagesGuarded() {
    long hits = Arrays.stream(guarded, 0, count).filter(it -> it > 0).count();
    return Rate.of(Math.toIntExact(hits), count);
  }

  private static long sum(int[] values, int[] rows) {
    return Arrays.stream(rows).mapToLong(row -> values[row]).sum();
  }
}
