/**
 * How good generated images are, beyond the Frechet distance and the kernel distance over all
 * vectors, which are in {@code trainer.evaluation}: the kernel distance over subsets, precision and
 * recall, their intervals; and what the usual feature network receives.
 *
 * <p>Here belongs arithmetic on images and on feature vectors that somebody else computed and,
 * where they are many, stored. Networks do not belong here. Permitted dependencies: the JDK, {@code
 * trainer.evaluation}, {@code similarity}, {@code image}, and of the audit {@code figures}, {@code
 * statistics} and {@code store}.
 */
package io.github.cpsample.tools.audit.quality;
