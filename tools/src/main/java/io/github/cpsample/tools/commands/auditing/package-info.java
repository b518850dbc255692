/**
 * The commands that compare with the training images: {@code index}, {@code guard}, {@code
 * sanitize}, {@code audit}.
 *
 * <p>May use the library and {@code commands.shared}, but no other group of commands.
 */
package io.github.cpsample.tools.commands.auditing;
