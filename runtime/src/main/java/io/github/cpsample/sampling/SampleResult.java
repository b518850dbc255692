package io.github.cpsample.sampling;

import io.github.cpsample.base.Checks;
import io.github.cpsample.image.FloatImage;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The images of a request, in the order of their seeds. Immutable; holds no native memory.
 *
 * @param images the images
 * @param reports a report for every image
 * @param settings what was done
 * @param totals what it cost
 */
public record SampleResult(
    List<FloatImage> images, List<ImageReport> reports, SampleSettings settings, Totals totals) {
  public SampleResult {
    images = List.copyOf(images);
    reports = List.copyOf(reports);
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(totals, "totals");
    Checks.argument(
        images.size() == reports.size(),
        "result",
        "a report for each of " + images.size() + " images",
        reports.size());
  }

  /**
   * One image.
   *
   * @param index from 0
   * @return the image
   */
  public FloatImage image(int index) {
    return images.get(index);
  }

  /**
   * The report on one image.
   *
   * @param index from 0
   * @return the report
   */
  public ImageReport report(int index) {
    return reports.get(index);
  }

  /**
   * What a request cost.
   *
   * @param imagesGuarded images with at least one guarded step
   * @param imagesWithheld images that the classifier still recognised and that were left out
   * @param denoiserCalls steps of the batch, each of which passes its images through the denoiser
   * @param classifierRows images passed forward through the classifier, counted once per step
   * @param gradientRows images for which the gradient was computed, counted once per step: the
   *     guarded steps, unless the correction moves nothing
   * @param seconds wall-clock time
   * @param device the device used, as {@code cpu} or {@code cuda:0}
   * @param fallbackReason why {@code auto} fell back to the CPU; empty if it did not
   */
  public record Totals(
      int imagesGuarded,
      int imagesWithheld,
      long denoiserCalls,
      long classifierRows,
      long gradientRows,
      double seconds,
      String device,
      Optional<String> fallbackReason) {
    public Totals {
      Objects.requireNonNull(device, "device");
      Objects.requireNonNull(fallbackReason, "fallbackReason");
    }

    /**
     * Two requests on one device as one.
     *
     * @param other what the other one cost
     * @return the sums
     */
    public Totals plus(Totals other) {
      return new Totals(
          imagesGuarded + other.imagesGuarded,
          imagesWithheld + other.imagesWithheld,
          denoiserCalls + other.denoiserCalls,
          classifierRows + other.classifierRows,
          gradientRows + other.gradientRows,
          seconds + other.seconds,
          device,
          fallbackReason);
    }

    /**
     * The same cost of other images: where images were thrown away, those count in the cost and not
     * among the guarded ones.
     *
     * @param reports of the images that are delivered
     * @return a copy
     */
    public Totals delivering(List<ImageReport> reports) {
      return new Totals(
          guarded(reports),
          imagesWithheld,
          denoiserCalls,
          classifierRows,
          gradientRows,
          seconds,
          device,
          fallbackReason);
    }

    /** How many images were guarded at least once. */
    static int guarded(List<ImageReport> reports) {
      return (int) reports.stream().filter(report -> report.guardedSteps() > 0).count();
    }
  }
}
