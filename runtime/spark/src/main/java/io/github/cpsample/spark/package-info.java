/**
 * Protected sampling and audits of image sets on Apache Spark.
 *
 * <p>Here belongs what spreads the work of the runtime and of the evaluation over executors: what
 * travels to them, what a process of theirs keeps open, how results are merged and written. How an
 * image is sampled and how a figure is computed does not belong here. Only this module knows Spark.
 * It may use the runtime and the evaluation.
 */
package io.github.cpsample.spark;
