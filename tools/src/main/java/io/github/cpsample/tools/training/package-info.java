/**
 * What commands share that have images of a data set: which images, in which shape, as rows that an
 * audit compares with; the embedder that the build trains; and what a training run keeps beside its
 * checkpoint so that it can be exported.
 *
 * <p>Training itself belongs to {@code io.github.cpsample.trainer}, what is measured to {@code
 * io.github.cpsample.evaluation}. May use both and the runtime.
 */
package io.github.cpsample.tools.training;
