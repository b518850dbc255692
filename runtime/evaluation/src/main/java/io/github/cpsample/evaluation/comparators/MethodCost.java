package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.evaluation.figures.MethodFigures;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what a method cost, per image that it delivered: the cost of seeds without image is borne
 * by the others. Not thread-safe.
 */
public final class MethodCost {

  private final String name;
  private final String title;
  private final String settings;
  private int seeds;
  private int images;
  private SampleCost sum = SampleCost.NONE;

  /**
   * Of a method.
   *
   * @param method gives its name and settings
   */
  public MethodCost(SamplingMethod method) {
    this.name = method.name();
    this.title = method.title();
    this.settings = method.settings();
  }

  /**
   * Adds a seed.
   *
   * @param sample of the method
   */
  public void add(AuditSample sample) {
    add(sample.image().isPresent(), sample.cost());
  }

  /**
   * Adds a seed.
   *
   * @param delivered whether it gave an image
   * @param cost of the seed
   */
  public void add(boolean delivered, SampleCost cost) {
    seeds++;
    images += delivered ? 1 : 0;
    sum = sum.plus(cost);
  }

  /**
   * The method with its cost.
   *
   * @return the figures; the cost per image is null where no image was delivered
   */
  public MethodFigures figures() {
    return new MethodFigures(
        name,
        title,
        settings,
        seeds,
        images,
        perImage((double) sum.denoiserRows()),
        perImage((double) sum.classifierRows()),
        perImage((double) sum.gradientRows()),
        perImage(sum.seconds()),
        null);
  }

  private @Nullable Double perImage(double whole) {
    return images == 0 ? null : whole / images;
  }
}
