/**
 * What protection costs, measured: JMH benchmarks, reports on single questions, and {@code Ratios},
 * which answers all of them in one run. {@code docs/studies/benchmarks.md} says what the numbers
 * mean.
 *
 * <p>The build compiles this package and never runs it. May use every other module. More than
 * thirty classes, since every question that was measured is one, and they share their models and
 * batches.
 */
package io.github.cpsample.benchmarks;
