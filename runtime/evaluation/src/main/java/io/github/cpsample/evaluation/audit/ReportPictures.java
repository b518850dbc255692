package io.github.cpsample.evaluation.audit;

import io.github.cpsample.image.FloatImage;
import java.util.Optional;

/**
 * Where the report finds its pictures. They may be read from disk when they are asked for; what is
 * missing is left out of the report, which says so.
 */
public interface ReportPictures {

  /**
   * What a way of sampling made of a seed.
   *
   * @param method its name in the figures
   * @param seed the seed
   * @return the image, or empty if there is none
   */
  Optional<FloatImage> sample(String method, long seed);

  /**
   * A training image. Not asked for in a report without training images.
   *
   * @param index of the image, as in {@link
   *     io.github.cpsample.evaluation.figures.WorstPair#nearest()}
   * @return the image, or empty if it cannot be had
   */
  Optional<FloatImage> trainingImage(int index);

  /**
   * The denoised prediction at one moment of a trajectory.
   *
   * @param seed of the strip
   * @param frame index of the moment in {@link
   *     io.github.cpsample.evaluation.figures.TrajectoryStrip#frames()}
   * @param guarded true for the protected side
   * @return the image, or empty if there is none
   */
  Optional<FloatImage> frame(long seed, int frame, boolean guarded);
}
