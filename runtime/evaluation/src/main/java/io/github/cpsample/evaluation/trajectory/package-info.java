/**
 * What protection does on the way: how often and how hard it pushes, how steep the classifier is,
 * what it costs, and the way of single seeds with and without it.
 *
 * <p>Belongs here: measurements along trajectories. Does not belong here: attacks, and what the
 * finished images are compared with.
 */
package io.github.cpsample.evaluation.trajectory;
