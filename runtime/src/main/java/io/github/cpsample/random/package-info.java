/**
 * Streams of normal random numbers, one per image, so that an image does not change when the batch
 * around it does. Uses the JDK only.
 */
package io.github.cpsample.random;
