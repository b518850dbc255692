package io.github.cpsample.tools.commands;

import io.github.cpsample.sampling.Inpainting;
import io.github.cpsample.sampling.SampleOrigin;
import io.github.cpsample.sampling.SampleSettings;
import java.util.List;

/**
 * What images were made of besides noise, in {@code report.json}; what does not apply is left out.
 *
 * @param size height and width
 * @param startImages how many images were started from
 * @param strength share of the steps that was taken
 * @param filledPixels pixels that were filled, of the first mask
 * @param resample how often each stretch was taken, and its length
 * @param interpolatedTo the last seed
 */
record OriginReport(
    List<Integer> size,
    Integer startImages,
    Double strength,
    Integer filledPixels,
    List<Integer> resample,
    Long interpolatedTo) {

  static OriginReport of(SampleSettings settings) {
    var origin = settings.origin();
    return new OriginReport(
        List.of(settings.image().height(), settings.image().width()),
        origin.start().map(start -> start.images().size()).orElse(null),
        origin.start().map(start -> start.strengths().get(0)).orElse(null),
        origin.inpainting().map(it -> it.masks().get(0).filledPixels()).orElse(null),
        origin.inpainting().map(OriginReport::resampling).orElse(null),
        origin.interpolation().map(SampleOrigin.Interpolation::lastSeed).orElse(null));
  }

  private static List<Integer> resampling(Inpainting it) {
    return List.of(it.resampling().times(), it.resampling().jump());
  }
}
