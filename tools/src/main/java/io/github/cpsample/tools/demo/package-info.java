/**
 * The demonstration: samples the bundled model unprotected and protected from the same seeds,
 * measures both, and shows what it found in a table, a file and pictures.
 *
 * <p>Measures belong to {@code io.github.cpsample.evaluation}. May use it, the trainer, the runtime
 * and {@code tools.picture}.
 */
package io.github.cpsample.tools.demo;
