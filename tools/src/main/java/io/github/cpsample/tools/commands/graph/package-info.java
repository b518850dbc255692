/**
 * The commands that look into files: {@code inspect} and {@code differentiate}.
 *
 * <p>May use the library and {@code commands.shared}, but no other group of commands.
 */
package io.github.cpsample.tools.commands.graph;
