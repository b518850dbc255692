/**
 * Images as vectors of features, and how good generated images are by them: embedders, the networks
 * that make such vectors; the Frechet distance, the kernel distance over all vectors and over
 * subsets, precision and recall, their intervals.
 *
 * <p>Belongs here: what an ONNX file's input and output are, how images are handed to it, and
 * arithmetic on feature vectors, stored ones where they are many. Networks that somebody trains do
 * not belong here. May use the JDK, EJML, {@code inference}, {@code image}, and of the evaluation
 * {@code figures}, {@code statistics} and {@code store}.
 */
package io.github.cpsample.evaluation.quality;
