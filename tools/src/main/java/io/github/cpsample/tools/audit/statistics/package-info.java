/**
 * What numbers of an audit are worth: intervals by resampling, and tests of means.
 *
 * <p>Here belongs arithmetic on arrays of scores and on indices. What the scores mean does not
 * belong here; curves of true against false positives are {@code trainer.evaluation.RocCurve}.
 * Permitted dependencies: the JDK and Commons Statistics.
 */
package io.github.cpsample.tools.audit.statistics;
