/**
 * Denoisers made elsewhere: folders as Hugging Face diffusers and Optimum write them, and bare ONNX
 * files whose noise schedule is given.
 *
 * <p>Belongs here: which file means what, and what has to be known of a denoiser before it can be
 * sampled. Does not belong here: running it (package {@code inference}), bundles (package {@code
 * bundle}), training a classifier for it. May use both, {@code onnx}, {@code inference}, {@code
 * image}, the settings of {@code diffusion}, and Gson.
 */
package io.github.cpsample.diffusers;
