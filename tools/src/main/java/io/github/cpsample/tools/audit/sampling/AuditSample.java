package io.github.cpsample.tools.audit.sampling;

import io.github.cpsample.image.FloatImage;
import java.util.Optional;

/**
 * What came of one seed.
 *
 * @param seed it began with
 * @param image what is delivered, values about [-1, 1]; empty where the method delivers none
 * @param steps steps of the trajectory
 * @param guardedSteps steps in which a guard bent it
 * @param cost what it cost
 */
public record AuditSample(
    long seed, Optional<FloatImage> image, int steps, int guardedSteps, SampleCost cost) {}
