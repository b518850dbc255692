package io.github.cpsample.similarity;

/**
 * A reference row near a query.
 *
 * @param index of the reference row
 * @param distance Euclidean, at least 0
 */
public record Neighbour(int index, double distance) {}
