/**
 * The short judgement of a model: the same seeds with and without protection, how many images are
 * replicas, and how far either side is from held-out images.
 *
 * <p>Here belongs what is measured on images that are in memory, for a build or a demonstration.
 * What goes on after an interruption, and attacks, belong to {@code evaluation.audit}. May use
 * {@code sampling}, {@code image}, and of the evaluation {@code figures} and {@code quality}.
 */
package io.github.cpsample.evaluation.judging;
