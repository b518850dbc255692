package io.github.cpsample.tools.commands;

import io.github.cpsample.sampling.ImageReport;
import io.github.cpsample.sampling.SampleResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Images that the classifier still recognises after all that was allowed, in words. */
final class FailureText {

  private FailureText() {}

  /** No line where there are none. */
  static List<String> of(SampleResult result) {
    List<String> lines = new ArrayList<>();
    int asked = result.settings().count();
    List<Long> recognised =
        result.reports().stream().filter(ImageReport::recognised).map(ImageReport::seed).toList();
    if (!recognised.isEmpty()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "still recognised: %d of %d images, which may be copies of training images (seeds"
                  + " %s); --on-failure withhold leaves them out",
              recognised.size(),
              asked,
              recognised));
    }
    int withheld = result.totals().imagesWithheld();
    if (withheld > 0) {
      lines.add(
          String.format(
              Locale.ROOT,
              "withheld: %d of %d images, which are still recognised; the others have moved up, and"
                  + " report.json says the seed of each",
              withheld,
              asked));
    }
    return lines;
  }
}
