/**
 * Membership attacks: which scores tell images that a model was trained on from others?
 *
 * <p>Here belongs what attackers compute with a denoiser, with settings that are fixed beforehand,
 * and what their scores are worth. The networks do not belong here, attacks see a {@link
 * io.github.cpsample.tools.audit.attack.NoisePredictor}; nor do reading images and reporting.
 * Permitted dependencies: the JDK, {@code diffusion} for noise schedules, {@code random}, {@code
 * trainer.evaluation} for curves, and of the audit {@code figures} and {@code statistics}.
 */
package io.github.cpsample.tools.audit.attack;
