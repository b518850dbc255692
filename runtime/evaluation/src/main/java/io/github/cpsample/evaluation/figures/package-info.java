/**
 * The figures of an audit: plain records, written to report.json as they are and shown in the HTML
 * report.
 *
 * <p>Belongs here: numbers with their intervals and what they are numbers of. Does not belong here:
 * how they are measured, how they are drawn.
 */
package io.github.cpsample.evaluation.figures;
