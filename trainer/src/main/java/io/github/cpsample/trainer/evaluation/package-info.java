/**
 * How images and scores are judged: nearest training images and the replica rule, distances between
 * sets of features, ROC curves, intervals for rates.
 *
 * <p>Here belongs arithmetic on arrays that somebody else computed. Networks, samplers and file
 * formats do not belong here. Permitted dependencies: the JDK, EJML, and {@code
 * io.github.cpsample.similarity} of the runtime.
 */
package io.github.cpsample.trainer.evaluation;
