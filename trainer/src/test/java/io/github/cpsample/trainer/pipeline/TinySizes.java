package io.github.cpsample.trainer.pipeline;

/** The sizes of the tiny pipeline. */
final class TinySizes {
  /** Tokens of a text, as CLIP has. */
  static final int TOKENS = 77;

  /** Width of the hidden states of a text. */
  static final int TEXT_WIDTH = 32;

  /** Channels of the images. */
  static final int IMAGE_CHANNELS = 3;

  /** Height and width of the images. */
  static final int IMAGE_SIZE = 32;

  /** Channels of the latents, as Stable Diffusion has. */
  static final int LATENT_CHANNELS = 4;

  /** Pixels of an image per pixel of a latent, in each direction. */
  static final int REDUCTION = 4;

  /** Height and width of the latents. */
  static final int LATENT_SIZE = IMAGE_SIZE / REDUCTION;

  /** Channels inside the networks. */
  static final int WIDTH = 16;

  /** What latents are multiplied with before they are noised, as Stable Diffusion has. */
  static final double SCALING_FACTOR = 0.18215;

  private TinySizes() {}
}
