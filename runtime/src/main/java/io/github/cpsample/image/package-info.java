/**
 * Images as arrays of values in [-1, 1], layout [C,H,W]: shape, conversion to and from {@link
 * java.awt.image.BufferedImage}, decoding of files, writing of PNG files, contact sheets; and which
 * image is near which: exact nearest neighbours among rows of numbers, and the rule by which an
 * image counts as a replica of a training image.
 *
 * <p>Does not belong here: anything about networks or data sets. May use the JDK and ImageIO, with
 * TwelveMonkeys' readers where they are on the class path; no other package of this library.
 */
package io.github.cpsample.image;
