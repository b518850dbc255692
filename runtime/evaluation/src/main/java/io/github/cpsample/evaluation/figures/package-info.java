/**
 * The figures of an audit: plain records, written to report.json as they are and shown in the HTML
 * report; and the replica rule applied to a few thousand images in memory, each image's nearest
 * training image and the share that the rule takes for copies.
 *
 * <p>Belongs here: numbers with their intervals and what they are numbers of. Does not belong here:
 * how they are drawn, and how the others are measured; searching many images for copies, in
 * features too, is {@code evaluation.replication}.
 */
package io.github.cpsample.evaluation.figures;
