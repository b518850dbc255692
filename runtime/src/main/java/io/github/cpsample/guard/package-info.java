/**
 * Checks of finished images against the training images: an index of the training images with exact
 * search, a check of images from any source, the removal of what makes an image a replica, and
 * sampling that returns no replica.
 *
 * <p>Here belongs what needs the training images or the classifier's opinion of a finished image.
 * Sampling itself and the arithmetic of distances do not belong here. Everything in this package
 * tells members of the training set from strangers in one way or another: it is for the party that
 * holds the training images.
 */
package io.github.cpsample.guard;
