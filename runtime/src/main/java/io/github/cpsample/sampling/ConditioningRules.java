package io.github.cpsample.sampling;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.denoiser.Conditioning;
import java.util.OptionalInt;

/** What a model can be asked to show, and its defaults. */
final class ConditioningRules {
  /** The guidance scale of Diffusers' text-to-image pipelines. */
  private static final double TEXT_SCALE = 7.5;

  private ConditioningRules() {}

  /** Fills in the defaults and refuses what the model cannot do. */
  static Conditioning resolve(Manifest manifest, Conditioning asked) {
    boolean text = manifest.pipeline().text().isPresent();
    if (text != asked.prompt().isPresent()) {
      throw new IllegalArgumentException(
          "prompt: expected "
              + (text ? "a text for" : "none for the model without text encoder")
              + " "
              + manifest.name()
              + ", found "
              + asked.prompt().map(prompt -> "'" + prompt + "'").orElse("none"));
    }
    Conditioning filled = asked;
    if (text && asked.guidanceScale().isEmpty()) {
      filled = asked.withGuidanceScale(TEXT_SCALE);
    }
    OptionalInt known = manifest.pipeline().nullClass();
    if (filled.nullClass().isEmpty() && known.isPresent()) {
      filled = filled.withNullClass(known.getAsInt());
    }
    requireUsed(manifest, filled, text);
    return filled;
  }

  private static void requireUsed(Manifest manifest, Conditioning filled, boolean text) {
    boolean classes = manifest.denoiser().classes() > 0;
    boolean active = filled.guidance().active();
    Checks.argument(
        !active || text || classes,
        "guidanceScale",
        "at most 1 for the unconditional model " + manifest.name(),
        filled.guidance().scale());
    int most = manifest.denoiser().classes();
    if (filled.nullClass().isPresent() && (!classes || filled.nullClass().getAsInt() > most)) {
      throw new IllegalArgumentException(
          "nullClass: expected "
              + (classes ? "a number in [0, " + most + "]" : "none for a model without classes")
              + ", found "
              + filled.nullClass().getAsInt());
    }
    if (filled.negativePrompt().isPresent() && !(active && text)) {
      throw new IllegalArgumentException(
          "negativePrompt: expected none without a prompt and a guidanceScale above 1, found '"
              + filled.negativePrompt().get()
              + "'");
    }
  }
}
