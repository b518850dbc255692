/**
 * Export of trained networks to ONNX, and of a denoiser with its classifier to a bundle that the
 * runtime opens.
 *
 * <p>The ONNX interpretation of {@code Ops} lives here. May use: {@code trainer.network}, {@code
 * trainer.training}, {@code trainer.data} (counts and fingerprint of a data set), and the runtime.
 */
package io.github.cpsample.trainer.export;
