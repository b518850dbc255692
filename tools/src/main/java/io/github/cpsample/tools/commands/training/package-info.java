/**
 * The commands that make a protected model: {@code train denoiser}, {@code train classifier},
 * {@code protect}, {@code export}, {@code calibrate}, which may train classifiers to choose from;
 * and {@code train embedder}, in whose features an audit compares images.
 *
 * <p>May use the library and {@code commands.shared}, but no other group of commands.
 */
package io.github.cpsample.tools.commands.training;
