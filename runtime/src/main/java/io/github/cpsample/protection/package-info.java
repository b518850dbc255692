/**
 * The protection rule of CPSample: certainty of the classifier, when a step is guarded (gate),
 * which way a guarded sample is pushed (force) and how the push enters a sampler's step (score
 * shift). Plain arithmetic on float arrays; no networks and no inference engine. Uses the JDK only.
 */
package io.github.cpsample.protection;
