package io.github.cpsample.sampling;

import io.github.cpsample.image.FloatImage;
import java.util.List;
import java.util.Objects;

/**
 * The images of a request, in the order of their seeds. Immutable; holds no native memory.
 *
 * @param images the images
 * @param reports a report for every image
 * @param settings what was done
 * @param totals what it cost
 */
public record SampleResult(
    List<FloatImage> images,
    List<ImageReport> reports,
    SampleSettings settings,
    SampleTotals totals) {
  /**
   * Copies the lists.
   *
   * @param images as the component says
   * @param reports as the component says
   * @param settings as the component says
   * @param totals as the component says
   */
  public SampleResult {
    images = List.copyOf(images);
    reports = List.copyOf(reports);
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(totals, "totals");
    if (images.size() != reports.size()) {
      throw new IllegalArgumentException(
          "result: expected a report for each of "
              + images.size()
              + " images, found "
              + reports.size());
    }
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
}
