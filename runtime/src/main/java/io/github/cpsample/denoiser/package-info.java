/**
 * The denoiser as a sampler sees it: images at a timestep in, a prediction out, whatever the ONNX
 * model behind it calls its tensors, counts as its timestep or is conditioned on.
 *
 * <p>Belongs here: what runs a denoiser for the batches of one request. Does not belong here: what
 * happens with the prediction (packages {@code diffusion} and {@code sampling}), protection.
 */
package io.github.cpsample.denoiser;
