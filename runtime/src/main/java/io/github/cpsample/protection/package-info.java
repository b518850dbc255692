/**
 * Classifier protection: when a sample is guarded ({@code Gate}) and which way it is pushed ({@code
 * Force}).
 *
 * <p>Plain arithmetic on logits; running the classifier belongs to {@code sampling}, how the push
 * enters a sampler to {@code diffusion}. May use: the JDK.
 */
package io.github.cpsample.protection;
