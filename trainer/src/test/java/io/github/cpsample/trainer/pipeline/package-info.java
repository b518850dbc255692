/**
 * A text-to-image pipeline in the folder layout of Hugging Face's Diffusers and Optimum whose
 * structure is real and whose networks are tiny: for trying out and testing what runs, or protects,
 * full pipelines. Its weights are random: its images show nothing.
 *
 * <p>Belongs here: the pipeline's graphs and files. Does not belong here: networks that are trained
 * (package {@code network}), reading such folders.
 */
package io.github.cpsample.trainer.pipeline;
