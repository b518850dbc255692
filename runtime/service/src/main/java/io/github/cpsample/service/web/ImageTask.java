package io.github.cpsample.service.web;

import io.github.cpsample.diffusion.SamplerKind;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a request asks for, in whichever API it did.
 *
 * @param model the name of the model; empty for the first one
 * @param count number of images
 * @param prompt what they are to show; a model without text takes {@code class:N} or nothing
 * @param negativePrompt what they are not to show
 * @param seed of the first image; empty for any
 * @param steps of an image; empty for the model's
 * @param sampler empty for the model's
 * @param guidanceScale weight of the prompt; empty for the model's
 * @param size empty for the model's
 * @param given the image that is changed; empty where images are made from noise alone
 * @param guarded whether training images are guarded
 */
record ImageTask(
    Optional<String> model,
    int count,
    String prompt,
    Optional<String> negativePrompt,
    OptionalLong seed,
    OptionalInt steps,
    Optional<SamplerKind> sampler,
    OptionalDouble guidanceScale,
    Optional<Size> size,
    Optional<GivenImage> given,
    boolean guarded) {

  /**
   * A size in pixels.
   *
   * @param width columns
   * @param height rows
   */
  record Size(int width, int height) {}

  /** The same from a seed. */
  ImageTask from(long newSeed) {
    return new ImageTask(
        model,
        count,
        prompt,
        negativePrompt,
        OptionalLong.of(newSeed),
        steps,
        sampler,
        guidanceScale,
        size,
        given,
        guarded);
  }
}
