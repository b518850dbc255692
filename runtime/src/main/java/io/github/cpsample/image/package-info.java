/** Images as arrays of values in {@code [-1, 1]}. */
package io.github.cpsample.image;
