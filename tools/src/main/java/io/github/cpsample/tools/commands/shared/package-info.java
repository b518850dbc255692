/**
 * What several groups of commands share: options that mean the same everywhere, and what is said in
 * the same words.
 *
 * <p>Knows no command and no group of them.
 */
package io.github.cpsample.tools.commands.shared;
