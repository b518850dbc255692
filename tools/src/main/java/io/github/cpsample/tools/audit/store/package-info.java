/**
 * What an audit keeps on disk while it works, so that memory does not grow with the number of
 * samples and work that was interrupted goes on where it stopped: rows of numbers (pixels,
 * features), one line of results per sample, the figures of finished stages.
 *
 * <p>Here belongs how these are written, cut back after an interruption and read again. What is
 * computed from them does not belong here. Permitted dependencies: the JDK, Gson, {@code files},
 * {@code image}, {@code tools.output} and {@code tools.audit.sampling}.
 */
package io.github.cpsample.tools.audit.store;
