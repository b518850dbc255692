/**
 * The denoiser as a sampler sees it: images at a timestep in, a prediction out, whatever the ONNX
 * model behind it calls its tensors, counts as its timestep or is conditioned on; and what it is
 * told beside image and timestep: text as tokens and hidden states, a class, and the weight of
 * both, classifier-free guidance.
 *
 * <p>Belongs here: what runs a denoiser for the batches of one request, and what turns a prompt or
 * a class into its extra inputs. Does not belong here: what happens with the prediction (packages
 * {@code diffusion} and {@code sampling}), the protection, which knows nothing of conditions, the
 * library that tokenizes (module {@code cpsample-tokenizer}, found at run time).
 */
package io.github.cpsample.denoiser;
