/**
 * What an audit or a calibration keeps on disk while it works, so that memory does not grow with
 * the number of samples and work that was interrupted goes on where it stopped: rows of numbers
 * (pixels, features), one line of results per sample, the figures of finished stages; and JSON for
 * people and programs.
 *
 * <p>Here belongs how these are written, cut back after an interruption and read again. What is
 * computed from them does not belong here. May use the JDK, Gson, {@code files}, {@code image}, and
 * of the evaluation {@code comparators} and {@code statistics}.
 */
package io.github.cpsample.evaluation.store;
