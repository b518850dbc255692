package io.github.cpsample.trainer.training;

/**
 * A point of a learning curve.
 *
 * @param step the last of the steps that the loss is the mean of
 * @param loss mean training loss since the point before
 */
public record LossPoint(long step, double loss) {}
