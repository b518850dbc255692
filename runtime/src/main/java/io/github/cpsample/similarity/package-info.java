/**
 * Which image is near which: exact nearest neighbours, and the rule by which an image counts as a
 * replica of a training image.
 *
 * <p>Here belongs arithmetic on rows of numbers. Images, files and networks do not belong here.
 * Permitted dependencies: the JDK.
 */
package io.github.cpsample.similarity;
