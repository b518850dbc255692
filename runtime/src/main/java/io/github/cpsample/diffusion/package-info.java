/**
 * Noise schedules, prediction types, timestep plans and samplers as plain arithmetic on float
 * arrays. A sampler is a table of steps, a step is data ({@code SamplerStep}): what state,
 * prediction, guidance, fresh noise and what is remembered are multiplied with. No networks, no
 * inference engine, no files. Uses the JDK only.
 */
package io.github.cpsample.diffusion;
