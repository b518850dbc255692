package io.github.cpsample.evaluation.trajectory;

import io.github.cpsample.evaluation.figures.GuardFigures.Spread;
import org.jspecify.annotations.Nullable;

/**
 * What the guard did along trajectories.
 *
 * @param images how many were followed
 * @param relativeForce {@code sqrt(1 - abar) |g| / |epsilon|} of every step in which an image was
 *     moved; null where none was
 * @param lipschitz per image that was guarded, the steepest that the classifier was seen to be;
 *     null where none was
 */
public record TrajectoryFigures(
    int images, @Nullable Spread relativeForce, @Nullable Spread lipschitz) {}
