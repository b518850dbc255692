package io.github.cpsample.evaluation.figures;

/**
 * A seed whose unprotected image came near to a training image.
 *
 * @param seed of both samples
 * @param nearest index of the training image that is nearest to the unprotected sample
 * @param ratio distance of the unprotected sample to it, over the mean distance to the next nearest
 *     ones
 * @param protectedRatio the same of the protected sample, whose nearest image may be another one
 * @param replica whether the unprotected sample is a replica by the fixed rule
 * @param protectedReplica whether the protected one is
 */
public record WorstPair(
    long seed,
    int nearest,
    double ratio,
    double protectedRatio,
    boolean replica,
    boolean protectedReplica) {}
