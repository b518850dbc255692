/**
 * Noise schedules, prediction types, timestep plans and samplers as plain arithmetic on float
 * arrays. No networks, no inference engine, no files. May use {@code io.github.cpsample.protection}
 * (a sampler asks it how guidance enters a step) and the JDK.
 */
package io.github.cpsample.diffusion;
