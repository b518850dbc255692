/**
 * Membership attacks: which scores tell images that a model was trained on from others?
 *
 * <p>Here belongs what attackers compute with a denoiser, with settings that are fixed beforehand,
 * and what their scores are worth. The networks do not belong here, attacks see a {@link
 * io.github.cpsample.evaluation.attack.NoisePredictor}; nor do reading images and reporting. May
 * use the JDK, {@code diffusion} for noise and its schedules, {@code evaluation.figures} and {@code
 * evaluation.statistics}.
 */
package io.github.cpsample.evaluation.attack;
