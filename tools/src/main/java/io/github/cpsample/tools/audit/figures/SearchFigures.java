package io.github.cpsample.tools.audit.figures;

import io.github.cpsample.tools.audit.statistics.Interval;

/**
 * How nearest training images were searched for in one space.
 *
 * @param space {@code pixels}, or the name of an embedder
 * @param search {@code exact}, or the approximate index with its settings
 * @param recall share of the true nearest neighbours that the approximate index finds, measured on
 *     some queries; null for an exact search
 * @param queriesPerSecond of the search
 */
public record SearchFigures(
    String space, String search, Interval recall, double queriesPerSecond) {}
