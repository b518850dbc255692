/**
 * Finding the protection settings of a model: which are tried, in what order they are given up, how
 * the choice is confirmed, and what is kept as evidence.
 *
 * <p>Here belongs the search and its arithmetic, the log of finished batches, and the measuring of
 * one setting on one block of seeds. Command lines, the training of classifiers and the writing of
 * bundles do not belong here. Permitted dependencies: {@code bundle}, {@code sampling} and what
 * they stand on, {@code similarity}, {@code files}, {@code trainer.evaluation}, and of the tools
 * {@code audit.statistics}, {@code audit.figures}, {@code audit.store} and {@code output}; and
 * Gson.
 */
package io.github.cpsample.tools.calibration;
