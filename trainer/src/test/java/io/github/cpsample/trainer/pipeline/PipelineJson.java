package io.github.cpsample.trainer.pipeline;

/** The pipeline's configuration files. */
final class PipelineJson {
  private PipelineJson() {}

  static String index() {
    return """
    {
      "_class_name": "StableDiffusionPipeline",
      "_diffusers_version": "0.30.0",
      "scheduler": ["diffusers", "DDIMScheduler"],
      "text_encoder": ["transformers", "CLIPTextModel"],
      "tokenizer": ["transformers", "CLIPTokenizer"],
      "unet": ["diffusers", "UNet2DConditionModel"],
      "vae_decoder": ["diffusers", "AutoencoderKL"],
      "vae_encoder": ["diffusers", "AutoencoderKL"]
    }
    """;
  }

  static String scheduler() {
    return """
    {
      "_class_name": "DDIMScheduler",
      "_diffusers_version": "0.30.0",
      "beta_end": 0.012,
      "beta_schedule": "scaled_linear",
      "beta_start": 0.00085,
      "clip_sample": false,
      "num_train_timesteps": 1000,
      "prediction_type": "epsilon",
      "set_alpha_to_one": false,
      "steps_offset": 1,
      "timestep_spacing": "leading"
    }
    """;
  }

  static String unet() {
    return """
    {
      "_class_name": "UNet2DConditionModel",
      "cross_attention_dim": %d,
      "in_channels": %d,
      "out_channels": %d,
      "sample_size": %d
    }
    """
        .formatted(
            TinySizes.TEXT_WIDTH,
            TinySizes.LATENT_CHANNELS,
            TinySizes.LATENT_CHANNELS,
            TinySizes.LATENT_SIZE);
  }

  static String autoencoder() {
    return """
    {
      "_class_name": "AutoencoderKL",
      "block_out_channels": [%d, %d, %d],
      "in_channels": %d,
      "latent_channels": %d,
      "out_channels": %d,
      "sample_size": %d,
      "scaling_factor": %s
    }
    """
        .formatted(
            TinySizes.WIDTH,
            TinySizes.WIDTH,
            TinySizes.WIDTH,
            TinySizes.IMAGE_CHANNELS,
            TinySizes.LATENT_CHANNELS,
            TinySizes.IMAGE_CHANNELS,
            TinySizes.IMAGE_SIZE,
            TinySizes.SCALING_FACTOR);
  }

  static String textEncoder(int vocabulary) {
    return """
    {
      "architectures": ["CLIPTextModel"],
      "hidden_size": %d,
      "max_position_embeddings": %d,
      "model_type": "clip_text_model",
      "num_hidden_layers": 1,
      "vocab_size": %d
    }
    """
        .formatted(TinySizes.TEXT_WIDTH, TinySizes.TOKENS, vocabulary);
  }
}
