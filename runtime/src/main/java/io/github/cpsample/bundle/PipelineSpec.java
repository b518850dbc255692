package io.github.cpsample.bundle;

import io.github.cpsample.base.Checks;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.protection.Correction;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a model consists of besides denoiser and classifier. Immutable.
 *
 * @param latent the autoencoder of a latent model; empty for a model of pixels
 * @param text the text encoder; empty for a model without prompts
 * @param nullClass the class that stands for none, which classifier-free guidance of a
 *     class-conditional model needs; empty where it is not known
 * @param fallback file of the denoiser that goes on with what the gate guards: it has the tensors
 *     of the denoiser and predicts the same of the same noise levels, and has never seen the
 *     training images; empty for a model without
 */
public record PipelineSpec(
    Optional<Latent> latent,
    Optional<Text> text,
    OptionalInt nullClass,
    Optional<String> fallback) {
  /** Denoiser and classifier only. */
  public static final PipelineSpec NONE =
      new PipelineSpec(Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty());

  public PipelineSpec {
    Objects.requireNonNull(latent, "latent");
    Objects.requireNonNull(text, "text");
    nullClass.ifPresent(number -> Checks.atLeast("pipeline.nullClass", number, 0));
    fallback.ifPresent(file -> ManifestChecks.filled("pipeline.fallback", file));
  }

  /**
   * The same with a fallback denoiser.
   *
   * @param file its file
   * @return a copy
   */
  public PipelineSpec withFallback(String file) {
    return new PipelineSpec(latent, text, nullClass, Optional.of(file));
  }

  /**
   * Refuses a correction that hands over to a denoiser that is not there.
   *
   * @param correction its kind
   * @throws IllegalArgumentException if it needs a fallback denoiser and there is none
   */
  public void requireFallback(Correction.Kind correction) {
    if (correction.handsOver() && fallback.isEmpty()) {
      throw new IllegalArgumentException(
          "correction: expected one other than "
              + correction
              + " for a model without a fallback denoiser, found "
              + correction
              + "; add one with --fallback (protect, export), or take restart");
    }
  }

  /**
   * The files that a bundle has because of it.
   *
   * @return their names
   */
  public List<String> files() {
    List<String> files = new ArrayList<>();
    latent.ifPresent(
        spec -> {
          files.add(spec.decoder());
          spec.encoder().ifPresent(files::add);
        });
    text.ifPresent(
        spec -> {
          files.add(spec.encoder());
          files.addAll(spec.tokenizer());
        });
    fallback.ifPresent(files::add);
    return List.copyOf(files);
  }

  /**
   * How a latent model's latents become images: {@code image = decoder(latent / scalingFactor +
   * shiftFactor)}, and images latents: {@code latent = scalingFactor (encoder(image) -
   * shiftFactor)} (Rombach et al., 2022, arXiv 2112.10752; the factors are those of Diffusers'
   * {@code config.json} of an autoencoder). Denoiser and classifier see latents only. Immutable.
   *
   * @param decoder name of the decoder's file
   * @param encoder name of the encoder's file; empty where images are never encoded
   * @param shape of a latent
   * @param scalingFactor above 0
   * @param shiftFactor finite
   */
  public record Latent(
      String decoder,
      Optional<String> encoder,
      ImageShape shape,
      double scalingFactor,
      double shiftFactor) {
    /** The scaling factor of an autoencoder whose configuration names none. */
    public static final double DEFAULT_SCALING_FACTOR = 0.18215;

    public Latent {
      ManifestChecks.filled("latent.decoder", decoder);
      encoder.ifPresent(name -> ManifestChecks.filled("latent.encoder", name));
      Objects.requireNonNull(shape, "shape");
      Checks.argument(
          scalingFactor > 0 && !Double.isInfinite(scalingFactor),
          "latent.scalingFactor",
          "a number above 0",
          scalingFactor);
      Checks.argument(Double.isFinite(shiftFactor), "latent.shiftFactor", "a number", shiftFactor);
    }
  }

  /**
   * How a prompt reaches the denoiser. Immutable.
   *
   * @param encoder name of the text encoder's file
   * @param tokenizer names of the tokenizer's files, as they are called in its folder: {@code
   *     tokenizer.json}, or {@code vocab.json} and {@code merges.txt}; {@code
   *     tokenizer_config.json}
   * @param input the denoiser's input that receives the encoder's hidden states
   */
  public record Text(String encoder, List<String> tokenizer, String input) {
    /** The name of that input in exports of Stable Diffusion. */
    public static final String HIDDEN_STATES = "encoder_hidden_states";

    public Text {
      ManifestChecks.filled("text.encoder", encoder);
      ManifestChecks.filled("text.input", input);
      tokenizer = List.copyOf(tokenizer);
      Checks.argument(!tokenizer.isEmpty(), "text.tokenizer", "the tokenizer's files", "none");
    }
  }
}
