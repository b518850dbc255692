/**
 * Training loops: what is optimised (denoiser, memorizing classifier), the optimiser, checkpoints,
 * metrics, and the memorisation curve.
 *
 * <p>Data sets belong to {@code trainer.data}, networks to {@code trainer.network}, files for the
 * runtime to {@code trainer.export}. May use those of the first two, DJL, Gson, the progress bar,
 * and the noise schedules of the runtime.
 */
package io.github.cpsample.trainer.training;
