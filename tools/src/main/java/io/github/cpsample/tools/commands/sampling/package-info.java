/**
 * The commands that make images with a model: {@code sample}, {@code serve}, {@code demo}, {@code
 * pipeline}.
 *
 * <p>May use the library and {@code commands.shared}, but no other group of commands.
 */
package io.github.cpsample.tools.commands.sampling;
