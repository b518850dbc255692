/**
 * Embedders: networks that turn images into the vectors in which an audit compares them.
 *
 * <p>Belongs here: what an ONNX file's input and output are, how images are handed to it, and the
 * embedder that the build trains. Does not belong here: what is done with the vectors.
 */
package io.github.cpsample.tools.audit.embedding;
