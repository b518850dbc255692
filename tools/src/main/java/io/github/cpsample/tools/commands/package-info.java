/**
 * The commands of {@code cpsample}, one thin class each, in a package for each task: options,
 * validation, what is printed.
 *
 * <p>The work itself is done by the libraries and the packages beside this one. May use all of
 * them.
 */
package io.github.cpsample.tools.commands;
