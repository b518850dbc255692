package io.github.cpsample.evaluation.statistics;

/**
 * What one threshold of a {@link RocCurve} admits.
 *
 * @param falsePositiveRate share of non-members, in {@code [0, 1]}
 * @param truePositiveRate share of members, in {@code [0, 1]}
 */
public record RocPoint(double falsePositiveRate, double truePositiveRate) {}
