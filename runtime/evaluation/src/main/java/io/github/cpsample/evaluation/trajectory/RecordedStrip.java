package io.github.cpsample.evaluation.trajectory;

import io.github.cpsample.evaluation.figures.TrajectoryStrip;
import io.github.cpsample.image.FloatImage;
import java.util.List;

/**
 * A seed on its way, with pictures: what the denoiser takes either sample for, values in [-1, 1].
 *
 * @param figures the moments
 * @param unprotectedFrames a picture per moment; none for a model that is sampled in latents
 * @param protectedFrames a picture per moment; none for a model that is sampled in latents
 */
public record RecordedStrip(
    TrajectoryStrip figures, List<FloatImage> unprotectedFrames, List<FloatImage> protectedFrames) {

  public RecordedStrip {
    unprotectedFrames = List.copyOf(unprotectedFrames);
    protectedFrames = List.copyOf(protectedFrames);
  }
}
