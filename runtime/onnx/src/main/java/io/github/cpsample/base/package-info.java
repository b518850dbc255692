/**
 * What every module needs and the JDK does not bring: checks of arguments and look-ups whose
 * messages say what was expected and what was found, digests, closing several things. Knows nothing
 * of graphs, images or models. Uses the JDK only.
 */
package io.github.cpsample.base;
