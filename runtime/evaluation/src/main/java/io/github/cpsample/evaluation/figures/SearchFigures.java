package io.github.cpsample.evaluation.figures;

import io.github.cpsample.evaluation.statistics.Interval;
import org.jspecify.annotations.Nullable;

/**
 * How nearest training images were searched for in one space.
 *
 * @param space {@code pixels}, or the name of an embedder
 * @param measure {@code l2} (which the ratio is made of, too) or {@code cosine}
 * @param search {@code exact}, or the approximate index with its settings
 * @param trainingImages how many different ones were searched
 * @param recall share of queries whose true nearest training image the approximate index found;
 *     null for an exact search
 * @param nextRecall share of the true six nearest that it found; null for an exact search
 * @param queries on how many queries recall was measured, chosen at random; 0 for an exact search
 * @param queriesPerSecond of the search
 */
public record SearchFigures(
    String space,
    String measure,
    String search,
    int trainingImages,
    @Nullable Interval recall,
    @Nullable Interval nextRecall,
    int queries,
    double queriesPerSecond) {}
