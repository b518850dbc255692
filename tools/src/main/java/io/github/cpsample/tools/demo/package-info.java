/**
 * The demonstration: samples the bundled model unprotected and protected from the same seeds,
 * measures both, and shows what it found in a table, a file and pictures.
 *
 * <p>Measures belong to {@code io.github.cpsample.trainer.evaluation}. May use the trainer, the
 * runtime, {@code tools.picture} and {@code tools.output}.
 */
package io.github.cpsample.tools.demo;
