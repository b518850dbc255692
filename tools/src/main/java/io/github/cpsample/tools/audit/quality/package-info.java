/**
 * How good generated images are, beyond the Frechet distance and the kernel distance over all
 * vectors, which are in {@code trainer.evaluation}: the kernel distance over subsets, precision and
 * recall.
 *
 * <p>Here belongs arithmetic on feature vectors that somebody else computed. Networks, images and
 * files do not belong here. Permitted dependencies: the JDK, {@code trainer.evaluation} and {@code
 * similarity}.
 */
package io.github.cpsample.tools.audit.quality;
