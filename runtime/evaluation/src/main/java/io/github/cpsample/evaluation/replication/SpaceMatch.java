package io.github.cpsample.evaluation.replication;

/**
 * The training images nearest to an image in one space. Of training images that are equal number
 * for number the first counts, and the others do not exist.
 *
 * @param space its name
 * @param nearest index of the nearest training image, in the order in which they were given
 * @param distance Euclidean distance to it, at least 0
 * @param ratio {@code distance} over the mean distance to the next five nearest, in [0, 1]; 1 where
 *     all of them are at distance 0
 * @param nearestByCosine index of the training image with the largest cosine
 * @param cosine of the angle to it, in [-1, 1]; 0 for an image of nothing but zeros, which has no
 *     direction
 */
public record SpaceMatch(
    String space, int nearest, double distance, double ratio, int nearestByCosine, double cosine) {}
