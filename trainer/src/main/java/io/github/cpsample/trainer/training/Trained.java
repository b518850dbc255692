package io.github.cpsample.trainer.training;

/**
 * A finished run with its weights.
 *
 * @param run its description
 * @param weights the averaged weights, flat; shared, not copied
 * @param <R> the kind of run
 */
@SuppressWarnings("ArrayRecordComponent") // a hand-over of megabytes, never compared
public record Trained<R>(R run, float[] weights) {}
