/**
 * The ways of sampling that an audit compares: without protection, with CPSample, with what others
 * have proposed.
 *
 * <p>Belongs here: how each of them makes images from seeds, and what that costs. Does not belong
 * here: what the images are compared with.
 */
package io.github.cpsample.evaluation.comparators;
