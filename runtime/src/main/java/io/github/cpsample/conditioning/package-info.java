/**
 * What a denoiser is told beside image and timestep: text as tokens and hidden states, and the
 * weight of it, classifier-free guidance.
 *
 * <p>Belongs here: what turns a prompt or a class into a denoiser's extra inputs. Does not belong
 * here: the library that tokenizes (module {@code cpsample-tokenizer}, found at run time), the
 * protection, which knows nothing of conditions.
 */
package io.github.cpsample.conditioning;
