/**
 * The replica rule applied to sets of images: each image's nearest training image, and the share
 * that the rule takes for copies.
 *
 * <p>Here belongs what a few thousand images in memory need; searching many, in features too, is
 * {@code evaluation.replication}. May use the JDK, {@code io.github.cpsample.similarity} and {@code
 * evaluation.statistics}.
 */
package io.github.cpsample.evaluation.similarity;
