/**
 * The framework of the command line: commands and their options, help, exit codes, error reports,
 * interruption, progress on a terminal.
 *
 * <p>Nothing here knows a particular command. May use the JDK, Commons CLI and the progress bar;
 * nothing else of this project.
 */
package io.github.cpsample.tools.cli;
