/**
 * Streams of standard normal numbers, one per image, so that an image depends on its own seed and
 * not on the batch it is drawn in.
 *
 * <p>May use: the JDK.
 */
package io.github.cpsample.random;
