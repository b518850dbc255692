package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.image.FloatImage;
import java.util.Optional;

/**
 * What came of one seed.
 *
 * @param seed it began with
 * @param image what is delivered, values about [-1, 1]; empty where the method delivers none
 * @param trajectory what happened on the way
 * @param cost what it cost
 */
public record AuditSample(
    long seed, Optional<FloatImage> image, Trajectory trajectory, SampleCost cost) {}
