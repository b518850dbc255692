package io.github.cpsample.evaluation.trajectory;

import io.github.cpsample.evaluation.comparators.Trajectory;
import io.github.cpsample.evaluation.figures.GuardFigures.Work;
import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.evaluation.statistics.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Counts what happened to protected images, which need not have taken equally many steps; holds a
 * few numbers per image. Not thread-safe.
 */
public final class GuardedImages {

  private final List<Trajectory> images = new ArrayList<>();

  /** Of nothing yet. */
  public GuardedImages() {}

  /**
   * Adds an image.
   *
   * @param trajectory of an image of the protected side
   */
  public void add(Trajectory trajectory) {
    images.add(trajectory);
  }

  /**
   * The share of all steps that were guarded, those that were repeated counted every time.
   *
   * @param bootstrap resamples images
   * @return in [0, 1]
   * @throws IllegalArgumentException if there is no image
   */
  public Interval stepsGuarded(Bootstrap bootstrap) {
    return bootstrap.ofRows(
        images.size(),
        rows -> (double) sum(Trajectory::guardedSteps, rows) / sum(Trajectory::steps, rows));
  }

  /**
   * The share of images that were guarded at least once.
   *
   * @return the share with its interval
   * @throws IllegalArgumentException if there is no image
   */
  public Rate imagesGuarded() {
    long hits = images.stream().filter(it -> it.guardedSteps() > 0).count();
    return Rate.of(Math.toIntExact(hits), images.size());
  }

  /**
   * What was made of the images.
   *
   * @param checked whether finished images were shown to the classifier
   * @param bootstrap resamples images
   * @return means and shares per image
   * @throws IllegalArgumentException if there is no image
   */
  public Work work(boolean checked, Bootstrap bootstrap) {
    long recognised = images.stream().filter(Trajectory::recognised).count();
    return new Work(
        mean(Trajectory::steps, bootstrap),
        mean(Trajectory::returns, bootstrap),
        mean(Trajectory::redos, bootstrap),
        checked ? Rate.of(Math.toIntExact(recognised), images.size()) : null);
  }

  private Interval mean(ToIntFunction<Trajectory> number, Bootstrap bootstrap) {
    return bootstrap.ofRows(images.size(), rows -> (double) sum(number, rows) / rows.length);
  }

  private long sum(ToIntFunction<Trajectory> number, int[] rows) {
    return Arrays.stream(rows).mapToLong(row -> number.applyAsInt(images.get(row))).sum();
  }
}
