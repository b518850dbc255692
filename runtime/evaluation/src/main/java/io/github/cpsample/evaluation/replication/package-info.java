/**
 * Are samples copies of training images? Their nearest training images by several measures, in
 * pixels and in features, found exactly or by an index, and what thresholds make of them.
 *
 * <p>Belongs here: search, measures, thresholds and the figures made of them. Does not belong here:
 * networks, sampling, and files but for the search's own. Lucene is used here only.
 */
package io.github.cpsample.evaluation.replication;
