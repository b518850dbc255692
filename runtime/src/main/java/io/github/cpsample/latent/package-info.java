/**
 * The autoencoder of a latent model: images to latents and back.
 *
 * <p>Belongs here: running encoder and decoder, the factors between a decoder's latents and those
 * that are noised. Does not belong here: what happens to latents in between, which samplers and
 * protection treat as any image.
 */
package io.github.cpsample.latent;
