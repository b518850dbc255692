/**
 * The audit of a protected model: what protection does to its images, and what its answers give
 * away.
 *
 * <p>Belongs here: the stages of an audit, their order, and what they hand to each other. Does not
 * belong here: the measures themselves (packages below this one, {@code trainer.evaluation}, {@code
 * similarity}), the command line.
 */
package io.github.cpsample.tools.audit;
