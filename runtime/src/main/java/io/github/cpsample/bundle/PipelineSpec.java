package io.github.cpsample.bundle;

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
    Optional<LatentSpec> latent,
    Optional<TextSpec> text,
    OptionalInt nullClass,
    Optional<String> fallback) {
  /** Denoiser and classifier only. */
  public static final PipelineSpec NONE =
      new PipelineSpec(Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty());

  /**
   * Refuses missing parts.
   *
   * @param latent as the component says
   * @param text as the component says
   * @param nullClass as the component says
   * @param fallback as the component says
   */
  public PipelineSpec {
    Objects.requireNonNull(latent, "latent");
    Objects.requireNonNull(text, "text");
    nullClass.ifPresent(number -> ManifestChecks.atLeast("pipeline.nullClass", number, 0));
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
}
