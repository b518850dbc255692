/**
 * The protection rule of CPSample: certainty of the classifier, when a step is guarded (gate) and
 * which way a guarded sample is pushed (force), each written once in an arithmetic that is both
 * numbers and nodes of a graph. How the push enters a sampler's step, {@code diffusion.NoiseLevel}
 * says. No networks and no inference engine. Uses the JDK only.
 */
package io.github.cpsample.protection;
