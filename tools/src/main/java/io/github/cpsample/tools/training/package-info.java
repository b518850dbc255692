/**
 * What the training commands share beyond their options: which images, in which shape, and what a
 * run keeps beside its checkpoint so that it can be exported.
 *
 * <p>Training itself belongs to {@code io.github.cpsample.trainer}. May use the trainer, the
 * runtime and {@code tools.output}.
 */
package io.github.cpsample.tools.training;
