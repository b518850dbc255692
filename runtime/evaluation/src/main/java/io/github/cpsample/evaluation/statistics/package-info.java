/**
 * What numbers are worth: intervals of shares and by resampling, tests of means, curves of true
 * against false positives.
 *
 * <p>Here belongs arithmetic on arrays of scores and on indices. {@code RowSource} is rows of
 * numbers of any origin. What the scores mean does not belong here. May use the JDK and Commons
 * Statistics, which is used here only.
 */
package io.github.cpsample.evaluation.statistics;
