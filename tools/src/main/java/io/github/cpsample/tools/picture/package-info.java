/**
 * Pictures that explain themselves: grids of images with labels, drawn without any installed font.
 *
 * <p>What a picture shows belongs to whoever makes it. May use the JDK alone.
 */
package io.github.cpsample.tools.picture;
