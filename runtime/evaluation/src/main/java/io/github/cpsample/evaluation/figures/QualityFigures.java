package io.github.cpsample.evaluation.figures;

import io.github.cpsample.evaluation.statistics.Interval;

/**
 * Do the samples of a method look like real images? A set of real images is in the place of the
 * method in the rows that tell what to expect.
 *
 * @param method its name, or {@code training images} or {@code held-out images}
 * @param embedder in whose features images are compared, with its preprocessing
 * @param reference what they are compared with: {@code held-out images} or {@code training images}
 * @param images how many of the method
 * @param references how many of the reference
 * @param frechetDistance Frechet distance (FID)
 * @param kernelDistance kernel distance (KID), the mean over subsets
 * @param precision share of samples within the reference's neighbourhoods
 * @param recall share of the reference within the samples' neighbourhoods
 */
public record QualityFigures(
    String method,
    String embedder,
    String reference,
    int images,
    int references,
    Interval frechetDistance,
    Interval kernelDistance,
    Interval precision,
    Interval recall) {}
