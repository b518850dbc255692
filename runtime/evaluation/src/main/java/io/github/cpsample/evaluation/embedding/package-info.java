/**
 * Embedders: networks that turn images into the vectors in which they are compared.
 *
 * <p>Belongs here: what an ONNX file's input and output are, and how images are handed to it. Does
 * not belong here: what is done with the vectors, and networks that somebody trains.
 */
package io.github.cpsample.evaluation.embedding;
