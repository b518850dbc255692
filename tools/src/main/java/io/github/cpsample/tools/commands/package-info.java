/**
 * The commands of {@code cpsample}, one class each: options, validation, what is printed.
 *
 * <p>The work itself is done by the runtime, the trainer, and the packages beside this one. May use
 * all of them.
 */
package io.github.cpsample.tools.commands;
