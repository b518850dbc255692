/**
 * The {@code cpsample} command line: its entry point and the list of its commands.
 *
 * <p>The framework of commands belongs to {@code tools.cli}, the commands to {@code
 * tools.commands}, and what a command does beyond reading its options to packages named after the
 * work. May use all of them.
 */
package io.github.cpsample.tools;
