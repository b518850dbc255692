package io.github.cpsample.similarity;

/**
 * One image held against the training set.
 *
 * @param image index of the image
 * @param nearest index of the nearest training image
 * @param distance Euclidean distance to it
 * @param meanOfNext mean distance to the next nearest training images
 * @param replica whether the rule calls it a replica
 */
public record ReplicaMatch(
    int image, int nearest, double distance, double meanOfNext, boolean replica) {}
