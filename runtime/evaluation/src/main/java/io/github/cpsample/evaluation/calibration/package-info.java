/**
 * Finding the protection settings of a model: which are tried, in what order they are given up, how
 * the choice is confirmed, and what is kept as evidence.
 *
 * <p>Here belongs the search and its arithmetic, the log of finished batches, and the measuring of
 * one setting on one block of seeds. Command lines and the training of classifiers do not belong
 * here. May use {@code bundle}, {@code sampling} and what they stand on, {@code files}, and of the
 * evaluation {@code statistics}, {@code figures}, {@code store} and {@code quality}; and Gson.
 */
package io.github.cpsample.evaluation.calibration;
