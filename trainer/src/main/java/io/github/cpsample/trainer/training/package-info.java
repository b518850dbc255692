/**
 * Training loops: what is optimised (denoiser, memorizing classifier), the optimiser, checkpoints,
 * metrics, the memorisation curve and the gate's thresholds; strangers, and what a denoiser makes
 * of noise, for the classifier to learn from.
 *
 * <p>Data sets belong to {@code trainer.data}, networks to {@code trainer.network}, files for the
 * runtime to {@code trainer.export}. May use those of the first two, {@code evaluation.figures} and
 * {@code evaluation.statistics}, DJL, Gson, the progress bar, and the runtime's schedules,
 * protection, images and sampling.
 *
 * <p>More than thirty classes, since the loop, its run folder and optimiser, and what the two
 * networks are shown use each other's insides, which no other package sees: apart, those would have
 * to be public.
 */
package io.github.cpsample.trainer.training;
