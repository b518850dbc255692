/**
 * Composes denoiser, classifier, its backward pass, gate, force and sampler into one ONNX graph.
 *
 * <p>Here belongs what writes the protected trajectory down as a graph ({@code WholeSampler} and
 * its parts). Nothing here runs a graph; what the arithmetic is, {@code diffusion} and {@code
 * protection} say. May use: {@code onnx} and {@code onnx.autodiff}, {@code diffusion}, {@code
 * protection}, {@code image}, {@code bundle}.
 */
package io.github.cpsample.composition;
