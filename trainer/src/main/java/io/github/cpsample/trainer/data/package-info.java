/**
 * Image data sets, the codes that a classifier memorizes, and the stream of batches that training
 * loops consume.
 *
 * <p>Here belongs everything from a path on disk to a {@code float[]} in {@code [-1, 1]} of shape
 * {@code [N, C, H, W]}. Networks, losses, noise schedules and anything that knows a tensor library
 * do not belong here. Permitted dependencies: the JDK, Commons Compress for tar files, and {@code
 * io.github.cpsample.image}.
 */
package io.github.cpsample.trainer.data;
