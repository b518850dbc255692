/**
 * Noise schedules, prediction types, timestep plans and samplers as plain arithmetic on float
 * arrays. A sampler is a table of steps, a step is data ({@code SamplerStep}): what state,
 * prediction, guidance, fresh noise and what is remembered are multiplied with. The noise is drawn
 * here too: a stream per image, so that an image does not change when the batch around it does. No
 * networks, no inference engine, no files. Uses the JDK only.
 *
 * <p>Public are what a table of steps consists of, DDIM and DDPM, and {@code SamplerKind} and
 * {@code SchedulerSettings}, which make every other sampler from a name or from the fields of a
 * scheduler's file. These samplers are one class each and see the parts of a step that nobody else
 * does: that is why the package has more than thirty classes.
 */
package io.github.cpsample.diffusion;
