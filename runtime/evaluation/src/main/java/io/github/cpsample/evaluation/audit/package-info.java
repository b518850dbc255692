/**
 * The audit of a protected model: what protection does to its images, and what its answers give
 * away.
 *
 * <p>Belongs here: the stages of an audit, their order, and what they hand to each other. Does not
 * belong here: the measures themselves, which have packages beside this one, and how a report
 * looks, which is for whoever implements {@link io.github.cpsample.evaluation.audit.AuditOutput}.
 */
package io.github.cpsample.evaluation.audit;
