/**
 * Who can tell which images a model was trained on: all attacks of an audit in a fixed order, the
 * guard itself among them, and what they mean for ways to deploy the model.
 *
 * <p>Belongs here: what an attacker with some access asks a model for, one stage per question, so
 * that an audit that was interrupted goes on at the next one; of an image nothing is kept but
 * numbers. Does not belong here: attacks as arithmetic on predictions and what scores are worth
 * ({@code evaluation.attack}), storing results, reports.
 */
package io.github.cpsample.evaluation.membership;
