/**
 * The mathematics of diffusion sampling: noise schedules, timesteps, prediction types, the update
 * of each sampler, and the one place where guidance enters it ({@code ScoreShift}).
 *
 * <p>Plain arithmetic on float arrays; no model is run here. What the guidance is belongs to {@code
 * protection}, random numbers to {@code random}. May use: the JDK.
 */
package io.github.cpsample.diffusion;
