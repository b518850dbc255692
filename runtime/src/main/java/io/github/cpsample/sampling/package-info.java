/**
 * Protected sampling: a checked bundle, a device and a request become images and reports.
 *
 * <p>Belongs here: the order in which denoiser, classifier, gate, gradient and sampler step are
 * called, for whole batches. Does not belong here: the arithmetic of schedules, samplers and
 * protection (packages {@code diffusion}, {@code protection}), the ONNX Runtime API (package {@code
 * inference}), file formats (package {@code bundle}). May use all of these, {@code image}, and
 * {@code onnx.autodiff} to derive the gradient graph.
 */
package io.github.cpsample.sampling;
