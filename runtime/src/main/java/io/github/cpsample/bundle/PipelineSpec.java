package io.github.cpsample.bundle;

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
 */
public record PipelineSpec(
    Optional<LatentSpec> latent, Optional<TextSpec> text, OptionalInt nullClass) {
  /** Denoiser and classifier only. */
  public static final PipelineSpec NONE =
      new PipelineSpec(Optional.empty(), Optional.empty(), OptionalInt.empty());

  /**
   * Refuses missing parts.
   *
   * @param latent as the component says
   * @param text as the component says
   * @param nullClass as the component says
   */
  public PipelineSpec {
    Objects.requireNonNull(latent, "latent");
    Objects.requireNonNull(text, "text");
    nullClass.ifPresent(number -> ManifestChecks.atLeast("pipeline.nullClass", number, 0));
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
    return List.copyOf(files);
  }
}
