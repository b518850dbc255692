/**
 * How good generated images are: the Frechet distance, the kernel distance over all vectors and
 * over subsets, precision and recall, their intervals; and what the usual feature network receives.
 *
 * <p>Here belongs arithmetic on images and on feature vectors that somebody else computed and,
 * where they are many, stored. Networks do not belong here. May use the JDK, EJML, {@code
 * similarity}, {@code image}, and of the evaluation {@code figures}, {@code statistics} and {@code
 * store}.
 */
package io.github.cpsample.evaluation.quality;
