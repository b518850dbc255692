/**
 * Running networks: devices, sessions and tensors of ONNX Runtime, which operators a provider
 * implements; and the denoiser as a sampler sees it, images at a timestep in, a prediction out,
 * whatever its ONNX model calls its tensors, counts as its timestep or is conditioned on: text as
 * tokens and hidden states, a class, and the weight of both, classifier-free guidance.
 *
 * <p>Belongs here: every use of the ONNX Runtime API, what runs a denoiser for the batches of one
 * request, and what turns a prompt or a class into its extra inputs. Does not belong here: what
 * happens with the prediction (packages {@code diffusion} and {@code sampling}), the protection,
 * which knows nothing of conditions, where networks come from (package {@code bundle}), the library
 * that tokenizes (module {@code cpsample-tokenizer}, found at run time). May use {@code onnx} to
 * look into graphs, {@code image}, {@code diffusion}, ONNX Runtime and the JDK. No type of ONNX
 * Runtime appears in the public API of this package.
 */
package io.github.cpsample.inference;
