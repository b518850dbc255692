/**
 * How good generated images are, beyond the Frechet distance and the kernel distance over all
 * vectors, which are in {@code trainer.evaluation}: the kernel distance over subsets, precision and
 * recall; and what the usual feature network receives.
 *
 * <p>Here belongs arithmetic on images and on feature vectors that somebody else computed. Networks
 * and files do not belong here. Permitted dependencies: the JDK, {@code trainer.evaluation}, {@code
 * similarity} and {@code image}.
 */
package io.github.cpsample.tools.audit.quality;
